import type { Request } from 'express';
import { ProblemException } from '#http/problem';

/** Bytes of events in memory over all requests, from the first byte read until they are durable or refused. */
export class BodyBudget {
  private held = 0;

  constructor(
    private readonly requestBytesMax: number,
    private readonly inFlightBytesMax: number,
  ) {}

  get bytes(): number {
    return this.held;
  }

  /**
   * Reads a body; `release` gives its bytes back. Throws 413 for one too long, 429 when too many bytes wait already.
   * The rest of a refused body is left to Node, which discards it, so that the caller reads the answer.
   */
  async read(request: Request): Promise<{ readonly body: Buffer; readonly release: () => void }> {
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > this.requestBytesMax) throw this.tooLarge();
    const chunks: Buffer[] = [];
    let bytes = 0;
    const release = (): void => {
      this.held -= bytes;
      bytes = 0;
    };
    try {
      for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        this.held += chunk.length;
        if (bytes > this.requestBytesMax) throw this.tooLarge();
        if (this.held > this.inFlightBytesMax) throw tooBusy();
        chunks.push(chunk);
      }
      return { body: Buffer.concat(chunks), release };
    } catch (error) {
      release();
      throw error instanceof ProblemException ? error : cutOff(error);
    }
  }

  private tooLarge(): ProblemException {
    const detail = `at most ${this.requestBytesMax} bytes a request: send fewer events at once`;
    return new ProblemException(413, {
      name: 'too-large',
      title: 'The request is too large',
      detail,
      headers: { connection: 'close' },
    });
  }
}

const tooBusy = (): ProblemException =>
  new ProblemException(429, {
    name: 'too-many-requests',
    title: 'Too many events wait to become durable',
    detail: 'send them again in a second',
    headers: { 'retry-after': '1' },
  });

const cutOff = (error: unknown): ProblemException =>
  new ProblemException(400, {
    name: 'bad-request',
    title: 'The request ended before its body did',
    detail: error instanceof Error ? error.message : String(error),
  });

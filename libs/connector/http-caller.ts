import { Agent, request } from 'undici';
import type { DurationMs } from '#kernel/time';
import { checkHost, publicLookup } from '#connector/address';

export interface HttpCallerOptions {
  /** From the start of the call to the last byte of the answer. */
  readonly timeoutMs: DurationMs;
  /** Loopback and private addresses too: for tests, demos and closed networks. */
  readonly allowPrivate: boolean;
  /** Longest answer that is read. */
  readonly answerBytesMax?: number;
}

export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

/** `not-made`: no connection came about, so nothing can have arrived. `no-answer`: it may have arrived. */
export type HttpFailure = { readonly kind: 'not-made' | 'no-answer'; readonly reason: string };
export type HttpOutcome = { readonly kind: 'answer'; readonly answer: HttpAnswer } | HttpFailure;

const notMade: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'MAKEWHOLE_BLOCKED_ADDRESS',
]);

/** Calls one origin over HTTP: bounded in time and size, no redirects followed, no internal address reached unless allowed. */
export class HttpCaller {
  private readonly agent: Agent;

  constructor(private readonly options: HttpCallerOptions) {
    this.agent = new Agent({
      connect: { timeout: options.timeoutMs, ...(options.allowPrivate ? {} : { lookup: publicLookup }) },
      keepAliveTimeout: 4_000,
      pipelining: 1,
    });
  }

  async call(url: string, method: 'GET' | 'POST', headers: Record<string, string>, body?: string): Promise<HttpOutcome> {
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    try {
      if (!this.options.allowPrivate) checkHost(new URL(url).hostname);
      const response = await request(url, { dispatcher: this.agent, method, headers, signal, body: body ?? null });
      const retryAfter = response.headers['retry-after'];
      const text = await readBounded(response.body, this.options.answerBytesMax ?? 65_536);
      const answer = { status: response.statusCode, retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter, text };
      return { kind: 'answer', answer };
    } catch (error) {
      return { kind: isNotMade(error) ? 'not-made' : 'no-answer', reason: reasonOf(error) };
    }
  }

  /** Breaks off what is under way: its outcome is `no-answer`. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

async function readBounded(body: AsyncIterable<Buffer> & { destroy(): unknown }, bytesMax: number): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > bytesMax) throw new Error(`the answer is longer than ${bytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function isNotMade(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(isNotMade);
  return notMade.has(String((error as { code?: unknown }).code));
}

function reasonOf(error: unknown): string {
  const { name, message, code } = error as Error & { code?: unknown };
  return `${typeof code === 'string' ? code : name}: ${message}`.slice(0, 500);
}

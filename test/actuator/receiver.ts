import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Received {
  readonly path: string;
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Somebody who is told: keeps what came and answers as it is told to. */
export class Receiver {
  answer = 204;
  private received: Received[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        const body = Buffer.concat(pieces).toString();
        receiver.received.push({ path: request.url ?? '', id: headers['webhook-id'] ?? '', headers, body });
        response.writeHead(receiver.answer).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  idsAt(path: string): readonly string[] {
    return this.received.filter((one) => one.path === path).map(({ id }) => id);
  }

  /** Forgets what came, and answers well again. */
  reset(): void {
    this.received = [];
    this.answer = 204;
  }

  async got(path: string, id: string): Promise<Received> {
    const end = Date.now() + 30_000;
    for (;;) {
      const found = this.received.find((one) => one.path === path && one.id === id);
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`${id} did not come to ${path}; ${this.idsAt(path).join()} did`);
      await sleep(20);
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

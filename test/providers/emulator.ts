import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Called {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}
export interface Reply {
  readonly status: number;
  readonly body: object | string;
  readonly headers?: Record<string, string>;
}

/**
 * What happens to one request on its way. `after` and `before`: whether the provider has done it by then. `unreachable` does not even
 * take the connection's bytes.
 */
export type WireFault =
  | 'none'
  | 'silent-after'
  | 'silent-before'
  | 'reset-after'
  | 'reset-before'
  | 'broken-after'
  | 'bad-gateway-after'
  | 'bad-gateway-before'
  | 'too-many';

/** A provider over HTTP: its faults happen on the wire; what it does is its own file's. */
export abstract class Emulator {
  readonly calls: Called[] = [];
  /** Faults of the requests that move money, in order; afterwards all goes well. */
  readonly faults: WireFault[] = [];
  /** While true, questions are not answered. */
  deaf = false;
  /** The provider's clock: tests move it on. */
  skewMs = 0;
  private server: Server | undefined;
  private port = 0;

  now(): number {
    return Date.now() + this.skewMs;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Requests that asked for money to move. */
  posts(path?: RegExp): number {
    return this.calls.filter((call) => call.method === 'POST' && this.moves(call) && (path === undefined || path.test(call.path)))
      .length;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://emulator');
        const body = Buffer.concat(pieces).toString('utf8');
        const called = {
          method: request.method ?? '',
          path: url.pathname,
          query: url.searchParams,
          headers: request.headers,
          body,
        };
        this.calls.push(called);
        this.handle(called, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  protected abstract moves(call: Called): boolean;
  protected abstract answer(call: Called): Reply;

  private handle(call: Called, response: ServerResponse): void {
    if (!this.moves(call)) return this.deaf ? undefined : send(response, this.answer(call));
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'silent-before') return;
    if (fault === 'reset-before') return void response.socket?.destroy();
    if (fault === 'bad-gateway-before') return send(response, { status: 502, body: 'bad gateway' });
    if (fault === 'too-many') return send(response, { status: 429, body: {}, headers: { 'retry-after': '0' } });
    const reply = this.answer(call);
    if (fault === 'silent-after') return;
    if (fault === 'reset-after') return void response.socket?.destroy();
    if (fault === 'bad-gateway-after') return send(response, { status: 502, body: 'bad gateway' });
    if (fault === 'broken-after') return void response.writeHead(200).end(JSON.stringify(reply.body).slice(0, 20));
    send(response, reply);
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  if (response.destroyed) return;
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
}

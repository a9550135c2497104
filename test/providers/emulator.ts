import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Money } from '#kernel/money';
import type { DurationMs, InstantMs } from '#kernel/time';
import { appendRequest, readRequests } from '#test/providers/record';

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
/** Something that it did to money. */
export interface Effect {
  /** By the wall clock, however far the provider's own has been moved on. */
  readonly at: InstantMs;
  /** Under which idempotency key. */
  readonly key: string;
  readonly kind: 'refund' | 'void';
  readonly paymentId: string;
  /** Undefined where the provider does not say it. */
  readonly amount?: Money;
  /** The provider's own name for it. */
  readonly reference: string;
}

/**
 * What happens to one request on its way. `after` and `before`: whether the provider has done it by then. `late` is answered after `lateMs`.
 */
export type WireFault =
  | 'none'
  | 'late'
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
  /** What befalls a request. */
  faultOf = (call: Called): WireFault =>
    this.moves(call) ? (this.faults.shift() ?? 'none') : this.deaf ? 'silent-before' : 'none';
  lateMs: DurationMs = 1_000;
  /** Oldest first. */
  readonly effects: Effect[] = [];
  onCall = (): void => undefined;
  onMoved = (): void => undefined;
  /** When the request came that is carried out, for the first time. */
  private cameAt: InstantMs | undefined;
  private server: Server | undefined;
  private port = 0;
  private recordPath: string | undefined;

  now(): number {
    return this.wallClock() + this.skewMs;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Requests that asked for money to move. */
  posts(path?: RegExp): number {
    return this.calls.filter((call) => call.method === 'POST' && this.moves(call) && (path === undefined || path.test(call.path)))
      .length;
  }

  /** Becomes what it was when it last answered, from the requests that changed something: each is on disk before its answer leaves. */
  restore(path: string): void {
    for (const { at, skewMs, call } of readRequests(path)) {
      this.cameAt = at;
      this.skewMs = skewMs;
      this.answer({ ...call, query: new URLSearchParams() });
    }
    this.cameAt = undefined;
    this.recordPath = path;
  }

  async start(port = this.port): Promise<void> {
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
        this.onCall();
        this.handle(called, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
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
  /** For want of credentials. */
  protected abstract deny(call: Called): Reply | undefined;
  protected abstract answer(call: Called): Reply;

  protected did(effect: Omit<Effect, 'at'>): void {
    this.effects.push({ ...effect, at: this.wallClock() });
  }

  private wallClock(): InstantMs {
    return this.cameAt ?? Date.now();
  }

  private carryOut(call: Called): Reply {
    const denied = this.deny(call);
    if (denied !== undefined) return denied;
    const at = (this.cameAt = Date.now());
    const reply = this.answer(call);
    this.cameAt = undefined;
    if (this.moves(call) && reply.status < 300) {
      if (this.recordPath !== undefined) appendRequest(this.recordPath, { at, skewMs: this.skewMs, call });
      this.onMoved();
    }
    return reply;
  }

  private handle(call: Called, response: ServerResponse): void {
    const fault = this.faultOf(call);
    if (fault === 'silent-before') return;
    if (fault === 'reset-before') return void response.socket?.destroy();
    if (fault === 'bad-gateway-before') return send(response, { status: 502, body: 'bad gateway' });
    if (fault === 'too-many') return send(response, { status: 429, body: {}, headers: { 'retry-after': '0' } });
    const reply = this.carryOut(call);
    if (fault === 'silent-after') return;
    if (fault === 'reset-after') return void response.socket?.destroy();
    if (fault === 'bad-gateway-after') return send(response, { status: 502, body: 'bad gateway' });
    if (fault === 'broken-after') return void response.writeHead(200).end(JSON.stringify(reply.body).slice(0, 20));
    if (fault === 'late') return void setTimeout(() => send(response, reply), this.lateMs).unref();
    send(response, reply);
  }
}

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  if (response.destroyed) return;
  const content = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(content);
}

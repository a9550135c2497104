import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

export interface Call {
  readonly key: string;
  readonly method: string;
  readonly verified: boolean;
}
export type Script = (
  call: Call,
  respond: (status: number, body?: object | string, headers?: Record<string, string>) => void,
) => void;

/** A platform that does what a test tells it, and notes what reached it. Effects are its own record of money moved. */
export class Platform {
  readonly calls: Call[] = [];
  readonly effects = new Map<string, number>();
  script: Script = (call, respond) => respond(200, this.pay(call.key));
  ask: Script = (call, respond) =>
    this.effects.has(call.key) ? respond(200, { state: 'confirmed', reference: `re-${call.key}` }) : respond(404);
  private server: Server | undefined;
  private port = 0;

  /** Starting again takes the same port. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/actions`;
  }

  /** Money moves, whatever is answered afterwards. It forgets keys, so each call that should not have been made shows. */
  pay(key: string): object {
    this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
    return { state: 'confirmed', reference: `re-${key}` };
  }

  posts(key: string): number {
    return this.calls.filter((call) => call.method === 'POST' && call.key === key).length;
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const piece of request as AsyncIterable<Buffer>) body += piece.toString();
    const method = request.method ?? '';
    const key = method === 'GET' ? request.url!.split('/').at(-1)! : String(request.headers['idempotency-key'] ?? 'notice');
    const call = { key, method, verified: verify(body, request) };
    this.calls.push(call);
    const respond = (status: number, content: object | string = {}, headers = {}): void => {
      if (response.destroyed) return;
      response.writeHead(status, headers).end(typeof content === 'string' ? content : JSON.stringify(content));
    };
    (method === 'GET' ? this.ask : this.script)(call, respond);
  }
}

function verify(body: string, request: IncomingMessage): boolean {
  try {
    new Webhook(secret).verify(body, request.headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

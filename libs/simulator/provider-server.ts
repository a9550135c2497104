import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { type ActionCall, type Answer, type Performed, SimulatedProvider } from '#simulator/provider';
import type { CloudEvent } from '#simulator/teller';

export interface ProviderServerOptions {
  readonly provider: SimulatedProvider;
  /** Standard Webhooks secret; calls with another signature are refused. Null accepts every call. */
  readonly secret: string | null;
  /** Makes the platform tell its events, in order; called again until it resolves. */
  readonly tell: (events: readonly CloudEvent[]) => Promise<void>;
  readonly slowMs?: number;
  /** How long after a `pending` answer the platform tells that it happened. */
  readonly pendingMs?: number;
  readonly port?: number;
}

export interface RunningProvider {
  /** Where actions are posted. */
  readonly url: string;
  /** Notices and anything else that was posted to `{origin}/notices`, by type. */
  readonly notices: ReadonlyMap<string, number>;
  /** Resolves when everything that happened has been told. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const BODY_BYTES_MAX = 1 << 20;
const TELL_AGAIN_MS = 250;

/** Puts a provider on HTTP: `POST /actions`, `GET /actions/{key}`, `POST /notices`; faults happen on the wire. */
export async function startProviderServer(options: ProviderServerOptions): Promise<RunningProvider> {
  const notices = new Map<string, number>();
  const desk = new Desk(options, notices);
  const server = createServer((request, response) => void desk.handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/actions`,
    notices,
    settled: () => desk.settled(),
    async stop() {
      desk.stopTelling();
      await closeServer(server);
      await desk.settled();
    },
  };
}

class Desk {
  private readonly telling = new Set<Promise<void>>();
  private stopped = false;

  constructor(
    private readonly options: ProviderServerOptions,
    private readonly notices: Map<string, number>,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    try {
      if (request.method === 'GET' && path.startsWith('/actions/')) {
        const answer = this.options.provider.stateOf(decodeURIComponent(path.slice('/actions/'.length)));
        return answer === null ? send(response, 404, { reason: 'no such key' }) : send(response, 200, answer);
      }
      if (request.method !== 'POST') return send(response, 405, { reason: 'POST or GET' });
      const body = await readBody(request);
      if (!this.signatureHolds(request, body)) return send(response, 401, { reason: 'signature does not verify' });
      const call = JSON.parse(body) as ActionCall;
      if (path.startsWith('/notices')) {
        this.notices.set(call.type, (this.notices.get(call.type) ?? 0) + 1);
        return send(response, 200, {});
      }
      if (request.headers['idempotency-key'] !== call.data.key) {
        return send(response, 400, { state: 'refused', reason: 'Idempotency-Key differs from data.key' });
      }
      this.answer(this.options.provider.perform(call, Date.now()), response);
    } catch (error) {
      send(response, 400, { state: 'refused', reason: error instanceof Error ? error.message : 'unreadable' });
    }
  }

  async settled(): Promise<void> {
    while (this.telling.size > 0) await Promise.all(this.telling);
  }

  stopTelling(): void {
    this.stopped = true;
  }

  private answer({ fault, answer, tellings }: Performed, response: ServerResponse): void {
    const slowMs = this.options.slowMs ?? 1_500;
    for (const events of tellings) this.tell(events, fault === 'pending' ? (this.options.pendingMs ?? 1_000) : 0);
    if (fault === 'silent-after') return;
    if (fault === 'reset-before' || fault === 'reset-after') return void response.socket?.destroy();
    if (fault === 'error-before' || fault === 'error-after') return send(response, 502, { reason: 'bad gateway' });
    if (fault === 'too-many') return send(response, 429, { reason: 'too many requests' }, { 'retry-after': '1' });
    if (fault === 'broken-answer-after')
      return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"state":"conf');
    if (fault === 'slow') return void setTimeout(() => send(response, 200, answer), slowMs).unref();
    send(response, 200, answer);
  }

  private tell(events: readonly CloudEvent[], waitMs: number): void {
    if (events.length === 0) return;
    const done = this.tellUntilHeard(events, waitMs).finally(() => this.telling.delete(done));
    this.telling.add(done);
  }

  private async tellUntilHeard(events: readonly CloudEvent[], waitMs: number): Promise<void> {
    await pause(waitMs);
    while (!this.stopped) {
      try {
        return await this.options.tell(events);
      } catch {
        await pause(TELL_AGAIN_MS);
      }
    }
  }

  private signatureHolds(request: IncomingMessage, body: string): boolean {
    if (this.options.secret === null) return true;
    try {
      new Webhook(this.options.secret).verify(body, request.headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

function send(response: ServerResponse, status: number, body: Answer | object, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > BODY_BYTES_MAX) throw new Error('body too large');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { ActionOrder } from '#action/action';
import { HttpCaller } from '#connector/http-caller';
import { PlatformEndpoint } from '#connector/platform-endpoint';

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const order: ActionOrder = {
  actionId: 'action-1',
  key: 'key-1',
  kind: 'refund',
  caseId: 'case-1',
  caseNumber: 'MW-1',
  accountId: 'buyer-1',
  paymentId: 'pay-1',
  amount: { minor: 1_250, currency: 'EUR' },
  reason: 'order-charged-more-than-once',
  evidence: ['event-1'],
  policyVersion: 'default-1',
  proposedBy: 'policy',
  approvedBy: [],
};

const asked = (key: string) => ({ order: { ...order, key }, receivedAt: 0 });

describe("the platform's endpoint", () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse, body: string) => void;
  let seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
  let endpoint: PlatformEndpoint;
  let url: string;

  beforeEach(async () => {
    seen = [];
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        seen.push({ method: request.method!, url: request.url!, headers: request.headers, body });
        answer(request, response, body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/actions`;
    endpoint = open();
  });
  afterEach(async () => {
    await endpoint.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (allowPrivate = true): PlatformEndpoint =>
    new PlatformEndpoint({
      url,
      secrets: [secret],
      http: new HttpCaller({ timeoutMs: 300, allowPrivate, answerBytesMax: 1_000 }),
      now: Date.now,
    });
  const answering = (status: number, body: object | string = '', headers: Record<string, string> = {}): void => {
    answer = (_request, response) =>
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };

  it('is called as the interface says, signed', async () => {
    answering(200, { state: 'confirmed', reference: 're-1' });
    await expect(endpoint.call(order)).resolves.toEqual({ kind: 'answered', state: 'confirmed', reference: 're-1' });
    const [call] = seen;
    expect(call).toMatchObject({
      method: 'POST',
      url: '/actions',
      headers: { 'idempotency-key': 'key-1', 'content-type': 'application/json' },
    });
    expect(new Webhook(secret).verify(call!.body, call!.headers as Record<string, string>)).toMatchObject({
      type: 'action.refund',
      timestamp: expect.stringMatching(/^\d{4}-/),
      data: {
        actionId: 'action-1',
        key: 'key-1',
        caseNumber: 'MW-1',
        accountId: 'buyer-1',
        paymentId: 'pay-1',
        amount: { minor: 1_250, currency: 'EUR' },
        reason: 'order-charged-more-than-once',
        evidence: ['event-1'],
        policyVersion: 'default-1',
      },
    });
  });

  it.each([
    [200, { state: 'pending', reference: 're-1' }, { kind: 'answered', state: 'pending', reference: 're-1' }],
    [202, { state: 'refused', reason: 'closed' }, { kind: 'answered', state: 'refused', reason: 'closed' }],
    [422, { reason: 'closed' }, { kind: 'answered', state: 'refused', reason: '422 closed' }],
    [401, 'no', { kind: 'answered', state: 'refused', reason: '401 no' }],
    [200, '{"state":"conf', { kind: 'unknown', reason: 'answer without a state' }],
    [200, { state: 'done' }, { kind: 'unknown', reason: 'answer without a state' }],
    [204, '', { kind: 'unknown', reason: 'answer without a state' }],
    [500, {}, { kind: 'unknown', reason: 'answered 500' }],
    [302, {}, { kind: 'unknown', reason: 'answered 302' }],
    [429, {}, { kind: 'not-done', reason: 'answered 429' }],
  ])('%s %j means %j', async (status, body, outcome) => {
    answering(status, body, { location: '/elsewhere' });
    await expect(endpoint.call(order)).resolves.toEqual(outcome);
    expect(seen).toHaveLength(1);
  });

  it('429 keeps the time that was asked for', async () => {
    answering(429, {}, { 'retry-after': '7' });
    await expect(endpoint.call(order)).resolves.toMatchObject({ kind: 'not-done', retryAfterMs: 7_000 });
  });

  it('no answer in time, a cut connection and an endless answer are unknown', async () => {
    answer = () => undefined;
    await expect(endpoint.call(order)).resolves.toMatchObject({ kind: 'unknown' });
    answer = (request) => request.socket.destroy();
    await expect(endpoint.call(order)).resolves.toMatchObject({ kind: 'unknown' });
    answer = (_request, response) => response.writeHead(200).end('x'.repeat(2_000));
    await expect(endpoint.call(order)).resolves.toEqual({
      kind: 'unknown',
      reason: 'Error: the answer is longer than 1000 bytes',
    });
  });

  it('a connection that was never made did nothing', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(endpoint.call(order)).resolves.toMatchObject({
      kind: 'not-done',
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    server.listen(0, '127.0.0.1');
  });

  it('asking tells done, never arrived and not known apart', async () => {
    answering(200, { state: 'confirmed' });
    await expect(endpoint.ask(asked('key/1'))).resolves.toEqual({ kind: 'answered', state: 'confirmed' });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/actions/key%2F1' });
    answering(404);
    await expect(endpoint.ask(asked('key-1'))).resolves.toEqual({ kind: 'never-arrived' });
    for (const status of [429, 403, 500, 302]) {
      answering(status, { state: 'confirmed' });
      await expect(endpoint.ask(asked('key-1'))).resolves.toMatchObject({ kind: 'unknown' });
    }
  });

  it('an internal address is not called unless that is allowed', async () => {
    const strict = open(false);
    answering(200, { state: 'confirmed' });
    await expect(strict.call(order)).resolves.toMatchObject({ kind: 'not-done', reason: expect.stringContaining('blocked') });
    url = url.replace('127.0.0.1', 'localhost');
    const byName = open(false);
    await expect(byName.call(order)).resolves.toMatchObject({ kind: 'not-done', reason: expect.stringContaining('blocked') });
    expect(seen).toEqual([]);
    await Promise.all([strict.close(), byName.close()]);
  });
});

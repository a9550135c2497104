import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { type ActionCall, SimulatedProvider } from '#simulator/provider';
import { badDay, faultOf, noFaults } from '#simulator/provider-faults';
import { readProviderRecord } from '#simulator/provider-record';
import { startProviderServer, type RunningProvider } from '#simulator/provider-server';
import type { CloudEvent } from '#simulator/teller';

const secret = `whsec_${Buffer.from('a simulated provider secret here').toString('base64')}`;
const refund = (key: string): ActionCall => ({
  type: 'action.refund',
  timestamp: '2026-11-20T12:00:00Z',
  data: {
    actionId: `action-${key}`,
    key,
    caseNumber: 'MW-1',
    accountId: 'buyer-1',
    paymentId: 'pay-1',
    amount: { minor: 1250, currency: 'EUR' },
    reason: 'duplicate-charge',
    evidence: ['e1'],
    policyVersion: '1',
  },
});
const provider = (faults = noFaults, remembersKeys = true, recordPath: string | null = null) =>
  new SimulatedProvider({ seed: 1, faults, recordPath, remembersKeys });

describe('simulated provider', () => {
  it('a key that it remembers moves money once and gets the same answer', () => {
    const remembering = provider();
    const first = remembering.perform(refund('k'), 0);
    expect(remembering.perform(refund('k'), 1).answer).toEqual(first.answer);
    expect(remembering.record.all()).toHaveLength(1);
  });

  it('a provider that forgets keys shows the second call in its record', () => {
    const forgetful = provider(noFaults, false);
    forgetful.perform(refund('k'), 0);
    forgetful.perform(refund('k'), 1);
    expect(forgetful.record.all().map(({ timesForKey }) => timesForKey)).toEqual([1, 2]);
  });

  it('its record outlives it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'provider-'));
    const path = join(folder, 'record.ndjson');
    provider(noFaults, true, path).perform(refund('k'), 0);
    expect(provider(noFaults, true, path).stateOf('k')).toMatchObject({ state: 'confirmed' });
    expect(readProviderRecord(path)).toMatchObject([{ key: 'k', amount: { minor: 1250, currency: 'EUR' }, timesForKey: 1 }]);
    rmSync(folder, { recursive: true });
  });

  it('faults follow from seed, key and call, and end after two calls', () => {
    const drawn = [...Array(500).keys()].map((index) => faultOf(1, badDay, `k${index}`, 1));
    expect(new Set(drawn).size).toBeGreaterThan(8);
    expect(drawn).toEqual([...Array(500).keys()].map((index) => faultOf(1, badDay, `k${index}`, 1)));
    expect(faultOf(1, { 'error-before': 1 }, 'k', 3)).toBe('none');
  });
});

describe('simulated provider on HTTP', () => {
  let running: RunningProvider;
  const told: CloudEvent[] = [];
  const start = async (faults = noFaults) => {
    const tell = (events: readonly CloudEvent[]) => Promise.resolve(void told.push(...events));
    running = await startProviderServer({ provider: provider(faults), secret, tell, slowMs: 5, pendingMs: 5 });
  };
  const post = (call: ActionCall, signedWith = secret) => {
    const body = JSON.stringify(call);
    const id = `msg-${call.data.key}`;
    const at = new Date();
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': call.data.key,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(signedWith).sign(id, at, body),
    };
    return fetch(running.url, { method: 'POST', headers, body, signal: AbortSignal.timeout(500) });
  };
  const ask = (key: string) => fetch(`${running.url}/${key}`);
  beforeEach(() => void (told.length = 0));
  afterEach(() => running.stop());

  it('a signed call is confirmed, can be asked about and is told as an event', async () => {
    await start();
    expect((await ask('k')).status).toBe(404);
    expect(await (await post(refund('k'))).json()).toMatchObject({ state: 'confirmed' });
    expect(await (await ask('k')).json()).toMatchObject({ state: 'confirmed' });
    await running.settled();
    expect(told).toMatchObject([{ type: 'refund.succeeded', data: { paymentId: 'pay-1', amount: { minor: 1250 } } }]);
  });

  it('a call signed with another secret has no effect', async () => {
    await start();
    const other = `whsec_${Buffer.from('some other secret, as long as it').toString('base64')}`;
    expect((await post(refund('k'), other)).status).toBe(401);
    expect((await ask('k')).status).toBe(404);
  });

  it('a fault after the effect leaves the caller without an answer and the asker with one', async () => {
    await start({ 'silent-after': 1 });
    await expect(post(refund('k'))).rejects.toThrow();
    expect(await (await ask('k')).json()).toMatchObject({ state: 'confirmed' });
  });

  it('a fault before the effect leaves nothing behind', async () => {
    await start({ 'error-before': 1 });
    expect((await post(refund('k'))).status).toBe(502);
    expect((await ask('k')).status).toBe(404);
  });

  it('what is told twice is told under the same event id', async () => {
    await start({ 'told-twice': 1 });
    await post(refund('k'));
    await running.settled();
    expect(told.map(({ id }) => id)).toEqual(['sim-1-refund.succeeded', 'sim-1-refund.succeeded']);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { orderOf, Scene } from '#test/actuator/scene';
import { factsOf } from '#test/money/examples';

describe('actuator', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  it('after an outage reads what was said of a payment before it carries out an order: a refund in between leaves nothing to do', async () => {
    await scene.order(orderOf('a'));
    await scene.tell(...Array.from({ length: 3_000 }, (_, n) => factsOf(`pay-other-${n}`, { asOf: 2_000 })));
    await scene.tell(factsOf('pay-a', { refundedMinor: 5_000, refundIds: ['re-theirs'], asOf: 3_000 }));
    await scene.startActuator();
    expect(await scene.until('a', 'refused')).toMatchObject({ guard: 'already-refunded', calls: 0 });
    expect(scene.platform.calls).toEqual([]);
  });

  it('sends an approved refund once, signed, and tells each step', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.calls).toEqual([{ key: 'key-a', method: 'POST', verified: true }]);
    expect((await scene.results()).map(({ state, reference }) => [state, reference])).toEqual([
      ['sent', undefined],
      ['confirmed', 're-key-a'],
    ]);
  });

  it('carries out what is about no buyer, and a notice to the contact of before', async () => {
    await scene.startActuator();
    const { paymentId: _payment, amount: _amount, payment: _facts, ...about } = orderOf('m');
    const merchant = { kind: 'merchant', key: 'shop-1' } as const;
    await scene.order({ ...about, kind: 'hold_payout', accountId: null, scope: merchant, merchantId: 'shop-1' });
    await scene.until('m', 'confirmed');
    const before = '2026-06-01T09:00:00.000Z';
    await scene.order({ ...about, actionId: 'action-n', key: 'key-n', kind: 'notify', contactBefore: before });
    await scene.until('n', 'confirmed');
    expect(scene.platform.calls.map(({ key, verified }) => [key, verified])).toEqual([
      ['key-m', true],
      ['key-n', true],
    ]);
    expect((await scene.results()).map(({ kind, accountId, state }) => [kind, accountId, state])).toEqual(
      expect.arrayContaining([
        ['hold_payout', null, 'confirmed'],
        ['notify', 'buyer-1', 'confirmed'],
      ]),
    );
  });

  it('a platform that paid and did not answer in time is asked, not called again', async () => {
    scene.platform.script = ({ key }) => void scene.platform.pay(key);
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
    expect(scene.platform.effects.get('key-a')).toBe(1);
    expect((await scene.results()).map(({ state }) => state)).toEqual(['sent', 'unknown', 'confirmed']);
  });

  it('a 5xx after the money moved is found by asking', async () => {
    scene.platform.script = ({ key }, respond) => {
      scene.platform.pay(key);
      respond(502, 'bad gateway');
    };
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.effects.get('key-a')).toBe(1);
  });

  it('a broken answer is no answer', async () => {
    scene.platform.script = ({ key }, respond) => {
      scene.platform.pay(key);
      respond(200, '{"state":"conf');
    };
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
  });

  it('a call that never arrived is made again with the same key', async () => {
    scene.platform.script = ({ key }, respond) =>
      scene.platform.posts(key) === 1 ? respond(503) : respond(200, scene.platform.pay(key));
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(2);
    expect(scene.platform.effects.get('key-a')).toBe(1);
    expect((await scene.results()).map(({ state }) => state)).toEqual(['sent', 'unknown', 'sent', 'confirmed']);
  });

  it('an unanswered question is asked again, and nothing is called meanwhile', async () => {
    scene.platform.script = ({ key }, respond) => {
      scene.platform.pay(key);
      respond(500);
    };
    const found = scene.platform.ask;
    scene.platform.ask = (call, respond) =>
      scene.platform.calls.filter(({ method }) => method === 'GET').length < 3 ? respond(500) : found(call, respond);
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
  });

  it('429 is tried again after the time that was asked for', async () => {
    const at: number[] = [];
    scene.platform.script = ({ key }, respond) => {
      at.push(Date.now());
      return at.length === 1 ? respond(429, {}, { 'retry-after': '1' }) : respond(200, scene.platform.pay(key));
    };
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(1_000);
    expect((await scene.results()).map(({ state }) => state)).toEqual(['sent', 'confirmed']);
  });

  it('another 4xx is a refusal for good, with its reason kept and its money free again', async () => {
    scene.platform.script = (_call, respond) => respond(422, { reason: 'account closed' });
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'refused');
    const { rows } = await scene.pool.query('SELECT reason FROM actuator.action');
    expect(rows).toEqual([{ reason: '422 account closed' }]);
    expect((await scene.pool.query('SELECT reserved FROM actuator.payment_money')).rows).toEqual([{ reserved: 0 }]);
    expect((await scene.pool.query('SELECT * FROM actuator.budget_spent')).rows).toEqual([]);
  });

  it('a platform that is not there yet gets the call when it is', async () => {
    const { url } = scene.platform;
    await scene.platform.stop();
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_PLATFORM_URL: url });
    await scene.order(orderOf('a'));
    await scene.until('a', 'sent');
    await sleep(300);
    expect((await scene.stored('a'))?.state).toBe('sent');
    await scene.platform.start();
    await scene.until('a', 'confirmed');
    expect(scene.platform.effects.get('key-a')).toBe(1);
  });

  it('a pending refund is settled by asking again', async () => {
    scene.platform.script = ({ key }, respond) => {
      scene.platform.pay(key);
      respond(202, { state: 'pending', reference: `re-${key}` });
    };
    let asked = 0;
    scene.platform.ask = ({ key }, respond) =>
      respond(200, { state: ++asked < 3 ? 'pending' : 'confirmed', reference: `re-${key}` });
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    expect((await scene.results()).map(({ state }) => state)).toEqual(['sent', 'pending', 'confirmed']);
  });

  it('a provider that never answers delays only its own actions', async () => {
    scene.platform.script = ({ key }, respond) =>
      key.startsWith('key-slow') ? undefined : respond(200, scene.platform.pay(key));
    scene.platform.ask = () => undefined;
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '6s', MAKEWHOLE_ACTUATOR_IN_FLIGHT_MAX: '2' });
    const slow = Array.from({ length: 8 }, (_, index) => `slow${index}`);
    await scene.order(...slow.map((name) => orderOf(name, { payment: factsOf(`pay-${name}`, { provider: 'never' }) })));
    await scene.until('slow0', 'sent');
    await scene.order(orderOf('b', { payment: factsOf('pay-b', { provider: 'prompt' }) }), orderOf('c'));
    await scene.until('b', 'confirmed');
    await scene.until('c', 'confirmed');
    expect(scene.platform.effects.size).toBe(2);
  });

  it('what a killed process sent and did not store is asked about by the next one', async () => {
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_PLATFORM_URL: '' });
    await scene.order(orderOf('a'));
    await scene.until('a', 'approved');
    await scene.stopAll();
    await scene.pool.query(
      `UPDATE actuator.action SET state = 'sent', unanswered = true, reserves = true, calls = 1, claimed_by = 'dead',
         claimed_until = now() + interval '1 s' WHERE action_id = 'action-a'`,
    );
    scene.platform.pay('key-a');
    await scene.startActuator();
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(0);
    expect(scene.platform.effects.get('key-a')).toBe(1);
  });

  it('a process that lost its claim while it stood still stores nothing', async () => {
    let answer = (): void => undefined;
    scene.platform.script = ({ key }, respond) => {
      const body = scene.platform.pay(key);
      answer = () => respond(200, body);
    };
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '5s' });
    await scene.order(orderOf('a'));
    await scene.until('a', 'sent');
    for (let tries = 0; tries < 100 && scene.platform.calls.length === 0; tries++) await sleep(20);
    await scene.pool.query(`UPDATE actuator.action SET claim_epoch = claim_epoch + 1, claimed_by = NULL, claimed_until = NULL`);
    await scene.until('a', 'unknown', 'confirmed');
    answer();
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
    expect((await scene.results()).map(({ state }) => state)).toEqual(['sent', 'unknown', 'confirmed']);
  });

  it('two actuators over one queue call once for each key', async () => {
    await Promise.all([scene.startActuator(), scene.startActuator()]);
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    await scene.order(...names.map((name) => orderOf(name, { accountId: `buyer-${name}` })));
    for (const name of names) await scene.until(name, 'confirmed');
    expect(names.map((name) => scene.platform.posts(`key-${name}`))).toEqual(names.map(() => 1));
  });

  it('the same key with another content is a dead letter and is never sent', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    await scene.order(orderOf('a', { amount: { minor: 4_000, currency: 'EUR' } }), orderOf('b', { key: 'key-a' }), orderOf('c'));
    await scene.until('c', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
    await scene.untilQuiet();
    const letters = (await scene.records('dead-letters')) as readonly { reason: string }[];
    expect(letters.map(({ reason }) => reason)).toEqual(['conflicting-redelivery', 'conflicting-redelivery']);
  });
});

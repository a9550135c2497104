import { defaultPolicy } from '#action/default-policy';
import { orderOf, Scene } from '#test/actuator/scene';
import { factsOf } from '#test/money/examples';

/** What was refused has taken nothing, neither of its payment nor of what may go out. */
async function expectHeldAsConfirmed({ pool }: Scene): Promise<void> {
  const { rows } = await pool.query(
    `SELECT (SELECT sum(reserved)::int FROM actuator.payment_money) AS held, (SELECT sum(minor)::int FROM actuator.budget_spent) AS spent,
       sum(amount_minor)::int AS confirmed, count(*)::int AS sendings FROM actuator.action WHERE state = 'confirmed'`,
  );
  const { held, spent, confirmed, sendings } = rows[0];
  expect({ held, spent }).toEqual({ held: confirmed, spent: confirmed });
  const { rows: steps } = await pool.query(`SELECT 1 FROM actuator.action_step WHERE state = 'sent'`);
  expect(steps).toHaveLength(sendings);
}

describe('guards before the call, with the newest facts', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  it('a chargeback that opened after the approval stops the refund', async () => {
    await scene.startActuator();
    await scene.tell(factsOf('pay-a', { chargebackOpen: true, asOf: 2_000 }));
    await scene.untilQuiet();
    await scene.order(orderOf('a'));
    expect(await scene.refusal('a')).toBe('open-chargeback');
  });

  it('refunds of one payment never exceed what was captured, however many are ordered at once', async () => {
    await scene.startActuator();
    const names = ['a', 'b', 'c', 'd'];
    await scene.order(...names.map((name) => orderOf(name, { paymentId: 'pay-1', payment: factsOf('pay-1') })));
    const states = await Promise.all(names.map((name) => scene.until(name, 'confirmed', 'refused')));
    expect(states.map((row) => row.state).sort()).toEqual(['confirmed', 'confirmed', 'refused', 'refused']);
    expect(states.filter((row) => row.state === 'refused').map((row) => row.guard)).toEqual([
      'exceeds-captured',
      'exceeds-captured',
    ]);
  });

  it('a refund that the ledger shows under our reference counts once, so the rest can go back', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a', { paymentId: 'pay-1', payment: factsOf('pay-1'), amount: { minor: 3_000, currency: 'EUR' } }));
    await scene.until('a', 'confirmed');
    await scene.tell(factsOf('pay-1', { refundedMinor: 3_000, refundIds: ['re-key-a'], asOf: 2_000 }));
    await scene.untilQuiet();
    await scene.order(orderOf('b', { paymentId: 'pay-1', payment: factsOf('pay-1', { asOf: 1_500 }) }));
    await scene.until('b', 'confirmed');
    const { rows } = await scene.pool.query('SELECT refunded, reserved FROM actuator.payment_money');
    expect(rows).toEqual([{ refunded: 3_000, reserved: 2_000 }]);
  });

  it('a refund that fails after it succeeded is told, and its money can go back another way', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a', { paymentId: 'pay-1', payment: factsOf('pay-1'), amount: { minor: 5_000, currency: 'EUR' } }));
    await scene.until('a', 'confirmed');
    await scene.tell(factsOf('pay-1', { refundedMinor: 5_000, refundIds: ['re-key-a'], asOf: 2_000 }));
    await scene.tell(factsOf('pay-1', { asOf: 3_000 }));
    await scene.until('a', 'failed');
    await scene.order(
      orderOf('b', { paymentId: 'pay-1', payment: factsOf('pay-1', { asOf: 3_000 }), amount: { minor: 5_000, currency: 'EUR' } }),
    );
    await scene.until('b', 'confirmed');
    expect((await scene.results()).map(({ actionId, state }) => `${actionId} ${state}`)).toEqual([
      'action-a sent',
      'action-a confirmed',
      'action-a failed',
      'action-b sent',
      'action-b confirmed',
    ]);
  });

  it('a refund that the ledger shows under a foreign name takes up room of its own', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a', { paymentId: 'pay-1', payment: factsOf('pay-1'), amount: { minor: 3_000, currency: 'EUR' } }));
    await scene.until('a', 'confirmed');
    await scene.tell(factsOf('pay-1', { refundedMinor: 3_000, refundIds: ['foreign'], asOf: 2_000 }));
    await scene.untilQuiet();
    await scene.order(orderOf('b', { paymentId: 'pay-1', payment: factsOf('pay-1') }));
    expect(await scene.refusal('b')).toBe('exceeds-captured');
  });

  it('a payment of which nothing is known gets no refund', async () => {
    await scene.startActuator();
    const { payment: _payment, ...bare } = orderOf('a');
    await scene.order(bare);
    expect(await scene.refusal('a')).toBe('unknown-payment');
  });

  it('the budget of the hour is one for all actions of a currency', async () => {
    const policy = { ...defaultPolicy, budgetPerHour: { minor: { EUR: 5_000 }, otherwise: 0 } };
    await scene.startActuator({}, policy);
    const names = ['a', 'b', 'c', 'd'];
    await scene.order(...names.map((name) => orderOf(name, { accountId: `buyer-${name}` })));
    const states = await Promise.all(names.map((name) => scene.until(name, 'confirmed', 'refused')));
    expect(states.map((row) => row.state).sort()).toEqual(['confirmed', 'confirmed', 'refused', 'refused']);
    expect(new Set(states.map((row) => row.guard))).toEqual(new Set([null, 'budget']));
    await expectHeldAsConfirmed(scene);
  });

  it.each([
    ['a merchant, in number', { per: 'merchant', minutes: 60, countMax: 2 }],
    ['a merchant, in amount', { per: 'merchant', minutes: 60, amountMax: { EUR: 4_999 } }],
    ['a person', { per: 'operator', minutes: 60, countMax: 2 }],
    ['a currency', { per: 'currency', minutes: 5, countMax: 2 }],
  ] as const)('what goes out for %s is one count for two actuators at once', async (_whom, limit) => {
    const policy = { ...defaultPolicy, velocity: [limit] };
    await Promise.all([scene.startActuator({}, policy), scene.startActuator({}, policy)]);
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const about = { merchantId: 'shop-1', approvedBy: ['ann'] };
    await scene.order(...names.map((name) => orderOf(name, { ...about, accountId: `buyer-${name}` })));
    const states = await Promise.all(names.map((name) => scene.until(name, 'confirmed', 'refused')));
    expect(states.filter(({ state }) => state === 'confirmed')).toHaveLength(2);
    expect(new Set(states.map((row) => row.guard))).toEqual(new Set([null, 'velocity']));
    await expectHeldAsConfirmed(scene);
  });

  it('money of those on the deny list does not move until the listing ends', async () => {
    const listed = { merchantId: 'shop-1', reason: 'under review' };
    const deny = [
      { ...listed, until: Date.now() + 3_600_000 },
      { accountId: 'buyer-b', reason: 'over', until: Date.now() - 1 },
    ];
    await scene.startActuator({}, { ...defaultPolicy, deny });
    await scene.order(orderOf('a', { merchantId: 'shop-1' }), orderOf('b', { accountId: 'buyer-b' }));
    expect(await scene.refusal('a')).toBe('deny-list');
    await scene.until('b', 'confirmed');
  });

  it('what casework tells is the policy of every actuator from then on, the newest whatever comes first', async () => {
    await Promise.all([scene.startActuator(), scene.startActuator()]);
    const version = (name: string, sequence: number, killSwitch: readonly string[]) =>
      scene.tellPolicy({ version: name, sequence, document: { version: name, killSwitch } });
    await version('v3', 3, ['refund']);
    await version('v2', 2, []);
    await scene.untilQuiet();
    const names = ['a', 'b', 'c', 'd'];
    await scene.order(...names.map((name) => orderOf(name)));
    for (const name of names) expect(await scene.refusal(name)).toBe('kill-switch');
    const { rows } = await scene.pool.query('SELECT DISTINCT policy_version FROM actuator.action_step WHERE guard IS NOT NULL');
    expect(rows).toEqual([{ policy_version: 'v3' }]);
    await version('v4', 4, []);
    await scene.untilQuiet();
    await scene.order(orderOf('e'));
    await scene.until('e', 'confirmed');
  });

  it('a policy that this release cannot read moves no money, and one that it can does', async () => {
    await scene.startActuator();
    await scene.tellPolicy({ version: 'v2', sequence: 2, document: { version: 'v2', tides: 'high' } });
    await scene.untilQuiet();
    await scene.order(orderOf('a'));
    await scene.untilQuiet();
    expect(await scene.stored('a')).toMatchObject({ state: 'approved', calls: 0 });
    await scene.tellPolicy({ version: 'v3', sequence: 3, document: { version: 'v3' } });
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
  });

  it('a dry run sends nothing', async () => {
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_DRY_RUN: 'true' });
    await scene.order(orderOf('a'));
    expect(await scene.refusal('a')).toBe('dry-run');
  });

  it('a stopped kind is not sent', async () => {
    await scene.startActuator({}, { ...defaultPolicy, killSwitch: ['refund'] });
    await scene.order(orderOf('a'));
    expect(await scene.refusal('a')).toBe('kill-switch');
  });

  it('the database itself refuses to hold more than was captured', async () => {
    await scene.startActuator();
    await scene.order(orderOf('a'));
    await scene.until('a', 'confirmed');
    await expect(scene.pool.query('UPDATE actuator.payment_money SET reserved = 5001')).rejects.toThrow(
      'never_more_than_captured',
    );
  });

  it('a hold is released once', async () => {
    await scene.startActuator();
    const hold = factsOf('pay-1', { capturedMinor: 0 });
    const release = { kind: 'void' as const, paymentId: 'pay-1', payment: hold, amount: { minor: 5_000, currency: 'EUR' } };
    await scene.order(orderOf('a', release));
    await scene.until('a', 'confirmed');
    await scene.order(orderOf('b', release));
    expect(await scene.refusal('b')).toBe('exceeds-authorised');
  });
});

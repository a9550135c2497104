import type { ActionOrder } from '#action/action';
import { defaultPolicy } from '#action/default-policy';
import { orderOf, Scene } from '#test/actuator/scene';
import { americanPayment } from '#test/money/american-loss';
import { latePayment } from '#test/money/late-payment';

const rupees = (minor: number) => ({ minor, currency: 'INR' });

/** Three days of delay at 100 rupees, for a payment of 900. */
const compensation = (name: string, patch: Partial<ActionOrder> = {}): ActionOrder =>
  orderOf(name, {
    kind: 'compensate',
    accrual: 'daily-compensation',
    findingId: 'late-1',
    paymentId: 'pay-1',
    payment: latePayment(),
    amount: rupees(30_000),
    owed: rupees(30_000),
    reason: 'RBI T+5',
    ...patch,
  });

const dollars = (minor: number) => ({ minor, currency: 'USD' });

/** 30 dollars of a payment of 50, until it is decided. */
const credit = (name: string, patch: Partial<ActionOrder> = {}): ActionOrder =>
  orderOf(name, {
    kind: 'compensate',
    accrual: 'provisional-credit',
    findingId: 'us-1',
    paymentId: 'pay-1',
    payment: americanPayment(),
    amount: dollars(3_000),
    reason: 'Reg E, 10 business days',
    ...patch,
  });

/** A refund of 10 dollars of the same payment. */
const back = { paymentId: 'pay-1', payment: americanPayment(), amount: dollars(1_000) };

describe('compensations, at the platform', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  it('a daily compensation goes out once, beside a refund of the whole payment', async () => {
    await scene.startActuator();
    await scene.order(compensation('a'), compensation('a'));
    await scene.until('a', 'confirmed');
    expect([scene.platform.posts('key-a'), scene.platform.effects.get('key-a')]).toEqual([1, 1]);
    expect(scene.platform.calls.every(({ verified }) => verified)).toBe(true);
    await scene.order(orderOf('r', { paymentId: 'pay-1', payment: latePayment(), amount: rupees(90_000) }));
    await scene.until('r', 'confirmed');
  });

  it('one that a killed process sent and did not store is asked about, not paid again', async () => {
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_PLATFORM_URL: '' });
    await scene.order(compensation('a'));
    await scene.until('a', 'approved');
    await scene.stopAll();
    await scene.pool.query(`UPDATE actuator.action SET state = 'sent', unanswered = true, calls = 1`);
    scene.platform.pay('key-a');
    await scene.startActuator();
    await scene.until('a', 'confirmed');
    expect([scene.platform.posts('key-a'), scene.platform.effects.get('key-a')]).toEqual([0, 1]);
  });

  it('a finding is paid for once, whatever key the second order has', async () => {
    await scene.startActuator();
    await scene.order(compensation('a'));
    await scene.until('a', 'confirmed');
    await scene.order(compensation('b'));
    expect(await scene.refusal('b')).toBe('already-compensated');
    await expect(scene.pool.query(`UPDATE actuator.action SET state = 'sent' WHERE action_id = 'action-b'`)).rejects.toThrow(
      'action_one_compensation',
    );
  });

  it.each([
    ['more than accrued', { owed: rupees(29_999) }],
    ['what accrued in another currency', { owed: { minor: 30_000, currency: 'EUR' } }],
    ['an order that says nothing of what accrued', { owed: undefined }],
    ['one that says not what it pays', { accrual: undefined }],
  ])('%s is not paid', async (_what, patch) => {
    await scene.startActuator();
    await scene.order(compensation('a', patch as Partial<ActionOrder>));
    expect(await scene.refusal('a')).toBe('exceeds-accrued');
  });

  it('counts in the budget of the hour, and stops with its kind', async () => {
    await scene.startActuator({}, { ...defaultPolicy, budgetPerHour: { minor: { INR: 40_000 }, otherwise: 0 } });
    await scene.order(compensation('a'));
    await scene.until('a', 'confirmed');
    await scene.order(compensation('b', { findingId: 'late-2' }));
    expect(await scene.refusal('b')).toBe('budget');
    await scene.tellPolicy({ version: 'v2', sequence: 2, document: { version: 'v2', killSwitch: ['compensate'] } });
    await scene.untilQuiet();
    await scene.order(compensation('c', { findingId: 'late-3' }));
    expect(await scene.refusal('c')).toBe('kill-switch');
  });

  it('a provisional credit holds its payment: no refund, no void and no second credit goes out beside it', async () => {
    await scene.startActuator();
    await scene.order(credit('a'));
    await scene.until('a', 'confirmed');
    await scene.order(orderOf('r', back), orderOf('v', { ...back, kind: 'void' }), credit('b', { findingId: 'us-2', ...back }));
    for (const name of ['r', 'v', 'b']) expect(await scene.refusal(name)).toBe('credited');
    await expect(scene.pool.query(`UPDATE actuator.action SET state = 'sent' WHERE action_id = 'action-b'`)).rejects.toThrow(
      'action_one_credit',
    );
    const { rows } = await scene.pool.query('SELECT reserved FROM actuator.payment_money');
    expect(rows).toEqual([{ reserved: 3_000 }]);
  });

  it('one whose outcome is unknown holds it as well, and is asked about', async () => {
    scene.platform.script = ({ key }, respond) => (key === 'key-a' ? respond(500) : respond(200, scene.platform.pay(key)));
    scene.platform.ask = (_call, respond) => respond(500);
    await scene.startActuator();
    await scene.order(credit('a'));
    await scene.until('a', 'unknown');
    await scene.order(orderOf('r', back));
    expect(await scene.refusal('r')).toBe('credited');
    scene.platform.ask = (_call, respond) => respond(200, { state: 'confirmed', reference: 'wallet-7' });
    await scene.until('a', 'confirmed');
    expect(scene.platform.posts('key-a')).toBe(1);
  });

  it('one that a killed process sent and did not store is asked about, not given again', async () => {
    await scene.startActuator({ MAKEWHOLE_ACTUATOR_PLATFORM_URL: '' });
    await scene.order(credit('a'));
    await scene.until('a', 'approved');
    await scene.stopAll();
    await scene.pool.query(`UPDATE actuator.action SET state = 'sent', unanswered = true, reserves = true, calls = 1`);
    scene.platform.pay('key-a');
    await scene.startActuator();
    await scene.until('a', 'confirmed');
    expect([scene.platform.posts('key-a'), scene.platform.effects.get('key-a')]).toEqual([0, 1]);
  });

  it('none is given beside a refund of ours, nor while the platform’s own may come, nor of more than was captured', async () => {
    await scene.startActuator();
    await scene.order(orderOf('r', back));
    await scene.until('r', 'confirmed');
    await scene.order(credit('a'));
    expect(await scene.refusal('a')).toBe('already-refunded');
    const other = (patch: object) => ({ paymentId: 'pay-2', payment: americanPayment({ paymentId: 'pay-2', ...patch }) });
    await scene.order(credit('b', other({ refundPendingMinor: 1_000 })));
    expect(await scene.refusal('b')).toBe('refund-pending');
    await scene.tell(americanPayment({ paymentId: 'pay-2', refundedMinor: 2_001, asOf: 5_000 }));
    await scene.untilQuiet();
    await scene.order(credit('c', other({})));
    expect(await scene.refusal('c')).toBe('exceeds-captured');
  });
});

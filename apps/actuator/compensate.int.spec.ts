import type { ActionOrder } from '#action/action';
import { defaultPolicy } from '#action/default-policy';
import { orderOf, Scene } from '#test/actuator/scene';
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

describe('compensations, at the platform', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  const refused = async (name: string): Promise<string | null> => {
    const { guard } = await scene.until(name, 'refused');
    expect(scene.platform.posts(`key-${name}`)).toBe(0);
    return guard;
  };

  it('a daily compensation goes out once, beside a refund of the whole payment', async () => {
    await scene.startActuator();
    await scene.order(compensation('a'), compensation('a'));
    await scene.until('a', 'confirmed');
    expect(scene.platform.calls).toEqual([{ key: 'key-a', method: 'POST', verified: true }]);
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
    expect(await refused('b')).toBe('already-compensated');
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
    expect(await refused('a')).toBe('exceeds-accrued');
  });

  it('counts in the budget of the hour, and stops with its kind', async () => {
    await scene.startActuator({}, { ...defaultPolicy, budgetPerHour: { minor: { INR: 40_000 }, otherwise: 0 } });
    await scene.order(compensation('a'));
    await scene.until('a', 'confirmed');
    await scene.order(compensation('b', { findingId: 'late-2' }));
    expect(await refused('b')).toBe('budget');
    await scene.tellPolicy({ version: 'v2', sequence: 2, document: { version: 'v2', killSwitch: ['compensate'] } });
    await scene.untilQuiet();
    await scene.order(compensation('c', { findingId: 'late-3' }));
    expect(await refused('c')).toBe('kill-switch');
  });
});

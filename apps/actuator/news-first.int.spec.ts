import { setTimeout as sleep } from 'node:timers/promises';
import { Scene } from '#test/actuator/scene';
import { factsOf } from '#test/money/examples';
import { AdyenEmulator, adyenAccount, adyenKey } from '#test/providers/adyen';
import { refundOrder, voidOrder } from '#test/providers/orders';

/** Adyen: what it did is told by events alone, and nothing can be looked up. */
describe('an event that is quicker than the answer to the call', () => {
  let scene: Scene;
  let adyen: AdyenEmulator;
  beforeAll(async () => {
    scene = await Scene.open();
    adyen = new AdyenEmulator();
    await adyen.start();
    await scene.startActuator({
      MAKEWHOLE_ACTUATOR_ADYEN_API_KEY: adyenKey,
      MAKEWHOLE_ACTUATOR_ADYEN_MERCHANT_ACCOUNT: adyenAccount,
      MAKEWHOLE_ACTUATOR_ADYEN_URL: adyen.url,
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '3s',
    });
  });
  afterAll(async () => {
    await scene.stopAll();
    await adyen.stop();
    await scene.close();
  });
  const posts = async (count: number) => {
    while (adyen.posts() < count) await sleep(20);
  };
  const statesOf = async (payment: string) =>
    (await scene.results()).filter(({ actionId }) => actionId === `action-${payment}`).map(({ state }) => state);

  it.each([
    [
      'PSPEARLY00001',
      'confirmed',
      { refundedMinor: 5_000, refundIds: ['key-PSPEARLY00001'], succeededRefundIds: ['key-PSPEARLY00001'] },
    ],
    ['PSPEARLY00002', 'failed', { failedRefundIds: ['key-PSPEARLY00002'] }],
  ] as const)('ends the refund of a whole payment once the answer is given up: %s %s', async (payment, state, end) => {
    const before = adyen.posts();
    adyen.faults.push('silent-after');
    adyen.pay(payment, 5_000);
    await scene.order(refundOrder('adyen', payment, { amount: { minor: 5_000, currency: 'EUR' } }));
    await posts(before + 1);
    await scene.tell(factsOf(payment, { provider: 'adyen', asOf: 2_000, ...end }));
    await scene.untilQuiet();
    expect((await scene.stored(payment))?.state).toBe('sent');
    await scene.until(payment, state);
    expect(await statesOf(payment)).toEqual(['sent', 'unknown', state]);
    expect(adyen.posts()).toBe(before + 1);
    const { rows } = await scene.pool.query('SELECT reserved FROM actuator.payment_money WHERE payment_id = $1', [payment]);
    expect(rows).toEqual([{ reserved: 0 }]);
  });

  const voided = { capturedMinor: 0, voided: true, provider: 'adyen', asOf: 2_000 };

  it('ends a void whose answer was lost while it waits to be sent again', async () => {
    const before = adyen.posts();
    adyen.faults.push('reset-after', ...Array<'too-many'>(20).fill('too-many'));
    adyen.pay('PSPEARLY00003', 5_000, 'authorised');
    await scene.order(voidOrder('adyen', 'PSPEARLY00003'));
    await posts(before + 3);
    await scene.tell(factsOf('PSPEARLY00003', voided));
    expect(await scene.until('PSPEARLY00003', 'confirmed', 'refused')).toMatchObject({ state: 'confirmed' });
    adyen.faults.length = 0;
  });

  it('does not end one that never went through: who released the hold was somebody else', async () => {
    const before = adyen.posts();
    adyen.faults.push(...Array<'too-many'>(20).fill('too-many'));
    adyen.pay('PSPEARLY00004', 5_000, 'authorised');
    await scene.order(voidOrder('adyen', 'PSPEARLY00004'));
    await posts(before + 2);
    await scene.tell(factsOf('PSPEARLY00004', voided));
    expect(await scene.until('PSPEARLY00004', 'confirmed', 'refused')).toMatchObject({
      state: 'refused',
      guard: 'already-voided',
    });
    adyen.faults.length = 0;
  });
});

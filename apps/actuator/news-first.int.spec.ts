import { setTimeout as sleep } from 'node:timers/promises';
import { Scene } from '#test/actuator/scene';
import { factsOf } from '#test/money/examples';
import { AdyenEmulator, adyenAccount, adyenKey } from '#test/providers/adyen';
import { refundOrder } from '#test/providers/orders';

describe('an event that is quicker than the answer to the call', () => {
  it('ends the action once the answer is given up: the whole of a payment went back once, and nothing waits for more', async () => {
    const scene = await Scene.open();
    const adyen = new AdyenEmulator();
    await adyen.start();
    adyen.faults.push('silent-after', 'silent-after');
    await scene.startActuator({
      MAKEWHOLE_ACTUATOR_ADYEN_API_KEY: adyenKey,
      MAKEWHOLE_ACTUATOR_ADYEN_MERCHANT_ACCOUNT: adyenAccount,
      MAKEWHOLE_ACTUATOR_ADYEN_URL: adyen.url,
      MAKEWHOLE_ACTUATOR_CALL_TIMEOUT_MS: '3s',
    });
    const toldWhileCalled = async (payment: string, end: object) => {
      const known = adyen.modifications.length;
      adyen.pay(payment, 5_000);
      await scene.order(refundOrder('adyen', payment, { amount: { minor: 5_000, currency: 'EUR' } }));
      while (adyen.modifications.length === known) await sleep(20);
      await scene.tell(factsOf(payment, { provider: 'adyen', asOf: 2_000, ...end }));
      await scene.untilQuiet();
      expect((await scene.stored(payment))?.state).toBe('sent');
    };
    try {
      const [well, ill] = ['PSPEARLY00001', 'PSPEARLY00002'] as const;
      const refundIds = [`key-${well}`];
      await toldWhileCalled(well, { refundedMinor: 5_000, refundIds, succeededRefundIds: refundIds });
      await scene.until(well, 'confirmed');
      await toldWhileCalled(ill, { failedRefundIds: [`key-${ill}`] });
      await scene.until(ill, 'failed');

      const states = (await scene.results()).map(({ actionId, state }) => [actionId, state]);
      expect(states.filter(([id]) => id === `action-${well}`).map(([, state]) => state)).toEqual([
        'sent',
        'unknown',
        'confirmed',
      ]);
      expect(adyen.posts()).toBe(2);
      const { rows } = await scene.pool.query('SELECT reserved FROM actuator.payment_money');
      expect(rows).toEqual([{ reserved: 0 }, { reserved: 0 }]);
    } finally {
      await scene.stopAll();
      await adyen.stop();
      await scene.close();
    }
  });
});

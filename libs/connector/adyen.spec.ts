import { days } from '#kernel/time';
import { AdyenConnector } from '#connector/adyen';
import { HttpCaller } from '#connector/http-caller';
import { AdyenEmulator, adyenAccount, adyenKey } from '#test/providers/adyen';
import { refundOrder, voidOrder } from '#test/providers/orders';

describe('Adyen', () => {
  let adyen: AdyenEmulator;
  let connector: AdyenConnector;
  const order = refundOrder('adyen', 'PSPPAYMENT000001');
  const open = (apiKey = adyenKey, merchantAccount = adyenAccount) =>
    new AdyenConnector({
      url: adyen.url,
      apiKey,
      merchantAccount,
      http: new HttpCaller({ timeoutMs: 300, allowPrivate: true }),
      now: () => adyen.now(),
    });
  const receivedAt = Date.now();

  beforeEach(async () => {
    adyen = new AdyenEmulator();
    await adyen.start();
    adyen.pay('PSPPAYMENT000001', 5_000);
    connector = open();
  });
  afterEach(async () => {
    await connector.close();
    await adyen.stop();
  });

  it('a refund is received under our key and reference, and pending until its webhook', async () => {
    const outcome = { kind: 'answered', state: 'pending', reference: 'MOD0000000000001' };
    await expect(connector.call(order)).resolves.toEqual(outcome);
    expect(adyen.calls[0]!.headers['idempotency-key']).toBe(order.key);
    expect(adyen.modifications).toMatchObject([{ kind: 'refunds', reference: order.key, value: 2_000, currency: 'EUR' }]);
    await expect(connector.ask({ order, receivedAt, reference: 'MOD0000000000001' })).resolves.toEqual(outcome);
  });

  it.each(['silent-after', 'reset-after', 'broken-after', 'bad-gateway-after'] as const)(
    '%s is unknown; the same call gives the first answer',
    async (fault) => {
      adyen.faults.push(fault);
      await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
      await expect(connector.ask({ order, receivedAt })).resolves.toEqual({ kind: 'repeat' });
      await expect(connector.call(order)).resolves.toMatchObject({ state: 'pending', reference: 'MOD0000000000001' });
      expect(adyen.refunded('PSPPAYMENT000001')).toBe(2_000);
    },
  );

  it('is not called again once the key may hold no longer', async () => {
    adyen.faults.push('silent-after');
    await connector.call(order);
    adyen.skewMs = days(6);
    await expect(connector.ask({ order, receivedAt })).resolves.toMatchObject({ kind: 'unknown' });
  });

  it('a request with this key that is still at work is no refusal', async () => {
    adyen.inProgress = true;
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown', reason: expect.stringContaining('704') });
  });

  it('tells a fault of the request, wrong credentials and a missing right apart', async () => {
    await expect(connector.call(refundOrder('adyen', 'PSPUNKNOWN000001'))).resolves.toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('167'),
    });
    for (const other of [open('wrong'), open(adyenKey, 'Other')]) {
      await expect(other.call(order)).resolves.toMatchObject({ kind: 'not-done' });
      await other.close();
    }
    expect(adyen.modifications).toEqual([]);
  });

  it.each([
    ['ISK', 2_790, 279_000],
    ['CLP', 990, 99_000],
    ['IDR', 12_300, 123],
    ['KWD', 5_124, 5_124],
  ])('%s %d goes out as %d', async (currency, minor, value) => {
    adyen.pay('PSPPAYMENT000001', 1_000_000, 'captured', currency);
    await connector.call(refundOrder('adyen', 'PSPPAYMENT000001', { amount: { minor, currency } }));
    expect(adyen.modifications).toMatchObject([{ value, currency }]);
  });

  it('a hold is cancelled; what is captured and unsettled is reversed as a whole', async () => {
    adyen.pay('PSPPAYMENT000001', 5_000, 'authorised');
    const hold = voidOrder('adyen', 'PSPPAYMENT000001');
    await connector.call(hold);
    await connector.call({ ...hold, key: 'key-2', payment: order.payment! });
    expect(adyen.modifications.map(({ kind }) => kind)).toEqual(['cancels', 'reversals']);
  });

  it("what is no payment of Adyen's, or an amount that it cannot say, is refused before any call", async () => {
    await expect(connector.call(refundOrder('adyen', 'pay-1/x'))).resolves.toMatchObject({ state: 'refused' });
    const part = refundOrder('adyen', 'PSPPAYMENT000001', { amount: { minor: 12_345, currency: 'IDR' } });
    await expect(connector.call(part)).resolves.toMatchObject({ state: 'refused' });
    expect(adyen.calls).toEqual([]);
  });
});

import { days, hours } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import { HttpCaller } from '#connector/http-caller';
import { PaypalConnector } from '#connector/paypal';
import { refundOrder, voidOrder } from '#test/providers/orders';
import { paypalClient, PaypalEmulator } from '#test/providers/paypal';

describe('PayPal', () => {
  let paypal: PaypalEmulator;
  let connector: PaypalConnector;
  const order = refundOrder('paypal', 'CAPTURE00000001');
  const hold = voidOrder('paypal', 'AUTH000000000001');
  const receivedAt = Date.now();
  const ask = (of: ActionOrder, reference?: string) =>
    connector.ask({ order: of, receivedAt, ...(reference === undefined ? {} : { reference }) });
  const open = (clientSecret = paypalClient.clientSecret) =>
    new PaypalConnector({
      ...paypalClient,
      clientSecret,
      url: paypal.url,
      http: new HttpCaller({ timeoutMs: 300, allowPrivate: true }),
      now: () => paypal.now(),
    });

  beforeEach(async () => {
    paypal = new PaypalEmulator();
    await paypal.start();
    paypal.pay('CAPTURE00000001', '50.00');
    paypal.authorizations.set('AUTH000000000001', 'CREATED');
    connector = open();
  });
  afterEach(async () => {
    await connector.close();
    await paypal.stop();
  });

  it('refunds a capture under our key, in decimals', async () => {
    await expect(connector.call(order)).resolves.toEqual({ kind: 'answered', state: 'confirmed', reference: 'REFUND100000000' });
    expect(paypal.calls.at(-1)!.headers['paypal-request-id']).toBe(order.key);
    expect(paypal.refunds).toMatchObject([{ amount: { value: '20.00', currency_code: 'EUR' }, custom_id: order.key }]);
  });

  it('takes one token for many calls, a new one shortly before it ends, and one more when it is refused', async () => {
    await Promise.all([connector.call(order), ask(order), ask(hold)]);
    expect(paypal.tokens).toBe(1);
    paypal.skewMs = hours(9) - 30_000;
    await ask(hold);
    expect(paypal.tokens).toBe(2);
    paypal.revokeToken();
    await expect(connector.call(order)).resolves.toMatchObject({ state: 'confirmed' });
    expect(paypal.tokens).toBe(3);
    expect(paypal.refunds).toHaveLength(1);
  });

  it('wrong credentials did nothing and refuse nothing', async () => {
    const other = open('wrong');
    await expect(other.call(order)).resolves.toMatchObject({ kind: 'not-done', reason: expect.not.stringContaining('wrong') });
    await expect(other.ask({ order, receivedAt })).resolves.toMatchObject({ kind: 'unknown' });
    await other.close();
    expect(paypal.posts()).toBe(0);
  });

  it.each(['silent-after', 'reset-after', 'broken-after', 'bad-gateway-after'] as const)(
    '%s is unknown, and the order shows the refund',
    async (fault) => {
      paypal.faults.push(fault);
      await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
      await expect(ask(order)).resolves.toMatchObject({ state: 'confirmed', reference: 'REFUND100000000' });
    },
  );

  it('tells our refund from another of the same capture', async () => {
    await connector.call({ ...order, key: 'key-other' });
    paypal.faults.push('reset-before');
    await connector.call(order);
    await expect(ask(order)).resolves.toEqual({ kind: 'never-arrived' });
  });

  it('a capture without an order is repeated while the key holds, and never after', async () => {
    paypal.captures.set('CAPTURE00000001', { value: '50.00', currency: 'EUR', order: undefined });
    paypal.faults.push('silent-after');
    await connector.call(order);
    await expect(ask(order)).resolves.toEqual({ kind: 'repeat' });
    await expect(connector.call(order)).resolves.toMatchObject({ state: 'confirmed' });
    expect(paypal.refunds).toHaveLength(1);
    paypal.skewMs = days(44);
    await expect(ask(order)).resolves.toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['PENDING', 'pending'],
    ['FAILED', 'failed'],
    ['CANCELLED', 'failed'],
  ] as const)('a refund that is %s is %s', async (status, state) => {
    paypal.firstStatus = status;
    await expect(connector.call(order)).resolves.toMatchObject({ state });
  });

  it('a refund that fails after it completed shows when it is asked about', async () => {
    await connector.call(order);
    paypal.refunds[0]!.status = 'FAILED';
    await expect(ask(order, 'REFUND100000000')).resolves.toMatchObject({ state: 'failed' });
  });

  it('a refusal keeps its issue', async () => {
    const more = refundOrder('paypal', 'CAPTURE00000001', { amount: { minor: 5_001, currency: 'EUR' } });
    await expect(connector.call(more)).resolves.toEqual({
      kind: 'answered',
      state: 'refused',
      reason: '422 UNPROCESSABLE_ENTITY MAX_AMOUNT_EXCEEDED',
    });
  });

  it.each([
    ['JPY', 500, '500'],
    ['HUF', 120_000, '1200'],
  ])('%s goes without decimals', async (currency, minor, value) => {
    paypal.pay('CAPTURE00000001', '5000', currency);
    await expect(
      connector.call(refundOrder('paypal', 'CAPTURE00000001', { amount: { minor, currency } })),
    ).resolves.toMatchObject({ state: 'confirmed' });
    expect(paypal.refunds[0]!.amount.value).toBe(value);
  });

  it('a hold is voided once, also when the answer was lost and the key with it', async () => {
    paypal.faults.push('silent-after');
    await expect(connector.call(hold)).resolves.toMatchObject({ kind: 'unknown' });
    paypal.skewMs = days(46);
    await expect(connector.call(hold)).resolves.toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('PREVIOUSLY_VOIDED'),
    });
    await expect(ask(hold)).resolves.toMatchObject({ state: 'confirmed' });
    paypal.authorizations.set('AUTH000000000001', 'CAPTURED');
    await expect(ask(hold)).resolves.toMatchObject({ state: 'refused' });
  });

  it("what is no payment of PayPal's is refused before any call", async () => {
    await expect(connector.call(refundOrder('paypal', '../x'))).resolves.toMatchObject({ state: 'refused' });
    expect(paypal.calls).toEqual([]);
  });
});

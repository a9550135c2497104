import { days, hours } from '#kernel/time';
import type { ActionOrder } from '#action/action';
import type { Asked } from '#connector/connector';
import { HttpCaller } from '#connector/http-caller';
import { PROVIDER_ANSWER_BYTES_MAX } from '#connector/provider-answer';
import { StripeConnector } from '#connector/stripe';
import { refundOrder, voidOrder } from '#test/providers/orders';
import { StripeEmulator, stripeKey } from '#test/providers/stripe';

describe('Stripe', () => {
  let stripe: StripeEmulator;
  let connector: StripeConnector;
  const order = refundOrder('stripe', 'pi_1');
  const hold = voidOrder('stripe', 'pi_1');
  const asked = (of: ActionOrder, reference?: string): Asked => ({
    order: of,
    receivedAt: 0,
    ...(reference === undefined ? {} : { reference }),
  });
  const open = (secretKey = stripeKey): StripeConnector => {
    const http = new HttpCaller({ timeoutMs: 300, allowPrivate: true, answerBytesMax: PROVIDER_ANSWER_BYTES_MAX });
    return new StripeConnector({ url: stripe.url, secretKey, http, now: () => stripe.now() });
  };

  beforeEach(async () => {
    stripe = new StripeEmulator();
    await stripe.start();
    stripe.pay('pi_1', 5_000);
    connector = open();
  });
  afterEach(async () => {
    await connector.close();
    await stripe.stop();
  });

  it('refunds under our key, which the refund carries for later', async () => {
    await expect(connector.call(order)).resolves.toEqual({ kind: 'answered', state: 'confirmed', reference: 're_0001' });
    const call = stripe.calls.at(-1)!;
    expect(call.headers).toMatchObject({ 'idempotency-key': order.key, authorization: `Bearer ${stripeKey}` });
    expect(stripe.refunds).toEqual([
      expect.objectContaining({
        amount: 2_000,
        payment_intent: 'pi_1',
        metadata: expect.objectContaining({ makewhole_key: order.key }),
      }),
    ]);
  });

  it('looks the refund up first: a key that Stripe has forgotten after 24 h pays no second time', async () => {
    stripe.faults.push('silent-after');
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
    stripe.skewMs = hours(25);
    await expect(connector.call(order)).resolves.toMatchObject({ state: 'confirmed', reference: 're_0001' });
    expect(stripe.refunds).toHaveLength(1);
    expect(stripe.posts()).toBe(1);
  });

  it('finds it also behind a hundred others', async () => {
    await connector.call(order);
    for (let n = 0; n < 150; n++)
      stripe.refunds.push({ ...stripe.refunds[0]!, id: `re_other_${n}`, amount: 1, metadata: { makewhole_key: `other-${n}` } });
    await expect(connector.ask(asked(order))).resolves.toMatchObject({ state: 'confirmed', reference: 're_0001' });
    stripe.refunds.splice(0, 1);
    await expect(connector.ask(asked(order))).resolves.toEqual({ kind: 'never-arrived' });
  });

  it('sends nothing while the look-up is not answered', async () => {
    stripe.deaf = true;
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'not-done' });
    await expect(connector.ask(asked(order))).resolves.toMatchObject({ kind: 'unknown' });
    expect(stripe.posts()).toBe(0);
  });

  it.each(['silent-after', 'reset-after', 'broken-after', 'bad-gateway-after'] as const)(
    '%s is unknown, and asking finds the refund',
    async (fault) => {
      stripe.faults.push(fault);
      await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
      await expect(connector.ask(asked(order))).resolves.toMatchObject({ state: 'confirmed', reference: 're_0001' });
    },
  );

  it.each(['silent-before', 'reset-before', 'bad-gateway-before'] as const)('%s is unknown, and never arrived', async (fault) => {
    stripe.faults.push(fault);
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
    await expect(connector.ask(asked(order))).resolves.toEqual({ kind: 'never-arrived' });
  });

  it('a 500 is given again under its key for a day; then the same key pays', async () => {
    stripe.breaks = 'before';
    await expect(connector.call(order)).resolves.toEqual({ kind: 'unknown', reason: 'answered 500' });
    await expect(connector.call(order)).resolves.toEqual({ kind: 'unknown', reason: 'answered 500' });
    stripe.skewMs = days(1);
    await expect(connector.call(order)).resolves.toMatchObject({ state: 'confirmed' });
    expect(stripe.refunded('pi_1')).toBe(2_000);
  });

  it('a 500 after the money moved is found', async () => {
    stripe.breaks = 'after';
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'unknown' });
    await expect(connector.call(order)).resolves.toMatchObject({ state: 'confirmed' });
    expect(stripe.refunds).toHaveLength(1);
  });

  it.each([
    ['pending', 'pending'],
    ['requires_action', 'pending'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
  ] as const)('a refund that is %s is %s', async (status, state) => {
    stripe.firstStatus = status;
    await expect(connector.call(order)).resolves.toMatchObject({ kind: 'answered', state, reference: 're_0001' });
  });

  it('a refund that failed after it had succeeded shows when it is asked about by its reference', async () => {
    await connector.call(order);
    stripe.fail(stripe.refunds[0]!);
    await expect(connector.ask(asked(order, 're_0001'))).resolves.toEqual({
      kind: 'answered',
      state: 'failed',
      reference: 're_0001',
      reason: 'expired_or_canceled_card',
    });
  });

  it('a fault of the request is a refusal with its reason; wrong credentials and too many requests did nothing', async () => {
    await expect(connector.call(refundOrder('stripe', 'pi_2'))).resolves.toEqual({
      kind: 'answered',
      state: 'refused',
      reason: "404 resource_missing No such payment: 'pi_2'",
    });
    stripe.faults.push('too-many');
    await expect(connector.call(order)).resolves.toEqual({ kind: 'not-done', reason: 'answered 429', retryAfterMs: 0 });
    const other = open('sk_test_wrong');
    await expect(other.call(order)).resolves.toMatchObject({ kind: 'not-done', reason: expect.stringContaining('401') });
    await other.close();
    expect(stripe.refunds).toEqual([]);
  });

  it('a key that was used for another request is not taken for a refusal', async () => {
    stripe.breaks = 'before';
    await connector.call(order);
    await expect(connector.call({ ...order, amount: { minor: 1_000, currency: 'EUR' } })).resolves.toMatchObject({
      kind: 'unknown',
    });
  });

  it("what is no payment of Stripe's, or an amount that it cannot say, is refused before any call", async () => {
    await expect(connector.call(refundOrder('stripe', 'pay-1/../x'))).resolves.toMatchObject({ state: 'refused' });
    const inDinars = refundOrder('stripe', 'pi_1', { amount: { minor: 5_124, currency: 'KWD' } });
    await expect(connector.call(inDinars)).resolves.toMatchObject({ state: 'refused' });
    expect(stripe.calls).toEqual([]);
  });

  it('a refund in another currency than ours is not taken for done', async () => {
    stripe.pay('pi_9', 5_000, 'usd');
    await expect(connector.call(refundOrder('stripe', 'pi_9'))).resolves.toMatchObject({ kind: 'unknown' });
  });

  it('a void cancels an authorised intent once; one that was captured is refused', async () => {
    stripe.pay('pi_1', 5_000, 'eur', 'requires_capture');
    stripe.faults.push('silent-after');
    await expect(connector.call(hold)).resolves.toMatchObject({ kind: 'unknown' });
    await expect(connector.ask(asked(hold))).resolves.toEqual({ kind: 'answered', state: 'confirmed', reference: 'pi_1' });
    stripe.pay('pi_1', 5_000, 'eur', 'succeeded');
    await expect(connector.ask(asked(hold))).resolves.toMatchObject({ state: 'refused' });
    await expect(connector.call({ ...hold, key: 'key-2' })).resolves.toMatchObject({ state: 'refused' });
    expect(stripe.refunds).toEqual([]);
  });

  it('a hold that was not released is released by the same call', async () => {
    stripe.pay('pi_1', 5_000, 'eur', 'requires_capture');
    stripe.faults.push('reset-before');
    await connector.call(hold);
    await expect(connector.ask(asked(hold))).resolves.toEqual({ kind: 'never-arrived' });
    await expect(connector.call(hold)).resolves.toMatchObject({ state: 'confirmed' });
  });

  it('a void of what was captured gives it back', async () => {
    const whole = voidOrder('stripe', 'ch_1', { payment: order.payment! });
    stripe.pay('ch_1', 5_000);
    await expect(connector.call(whole)).resolves.toMatchObject({ state: 'confirmed' });
    expect(stripe.refunded('ch_1')).toBe(5_000);
  });
});

describe('the emulator of Stripe', () => {
  it('takes a key that it forgot for a new request, as documented', async () => {
    const stripe = new StripeEmulator();
    await stripe.start();
    stripe.pay('pi_1', 5_000);
    const headers = { authorization: `Bearer ${stripeKey}`, 'idempotency-key': 'key-1' };
    const post = () =>
      fetch(`${stripe.url}/v1/refunds`, {
        method: 'POST',
        headers,
        body: new URLSearchParams({ payment_intent: 'pi_1', amount: '1000' }),
      });
    await post();
    await post();
    expect(stripe.refunds).toHaveLength(1);
    stripe.skewMs = hours(24);
    await post();
    expect(stripe.refunds).toHaveLength(2);
    await stripe.stop();
  });
});

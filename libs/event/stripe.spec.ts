import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDecoder } from '#event/decode';
import type { Told } from '#event/provider-webhook';
import { tellStripe } from '#event/stripe';
import { stripeCharge, stripeDispute, stripeEvent, stripeRefundObject } from '#test/providers/webhooks';

const decode = createDecoder();
const eventsOf = (told: Told) => {
  if (told.kind !== 'events') throw new Error(`expected events, found ${JSON.stringify(told)}`);
  return told.events.map((event) => {
    const decoded = decode(Buffer.from(JSON.stringify({ specversion: '1.0', ...event })));
    if (decoded === 'ignored' || !decoded.ok) throw new Error(JSON.stringify(decoded));
    return decoded.value;
  });
};
const only = (type: string, object: object, patch: object = {}) => {
  const events = eventsOf(tellStripe(stripeEvent(type, object as never, patch as never)));
  expect(events).toHaveLength(1);
  return events[0]!;
};

describe('what Stripe tells', () => {
  it('a succeeded charge is a capture of its payment intent, by the buyer and card that Stripe names', () => {
    expect(only('charge.succeeded', stripeCharge())).toMatchObject({
      type: 'payment.captured',
      id: 'evt_1',
      source: '/stripe',
      at: 1_780_000_000_000,
      accountId: 'cus_1',
      data: {
        paymentId: 'pi_1',
        orderId: 'order-1',
        merchantId: 'stripe',
        provider: 'stripe',
        amount: { minor: 5_000, currency: 'EUR' },
        instrument: { kind: 'card', fingerprint: 'fp_1', scheme: 'visa', last4: '4242', country: 'DE' },
      },
    });
  });

  it('one that is not captured is a hold, until Stripe’s own expiry', () => {
    const details = { type: 'card', card: { brand: 'visa', fingerprint: 'fp_1', capture_before: 1_780_500_000 } };
    const event = only(
      'charge.succeeded',
      stripeCharge({ captured: false, amount_captured: 0, payment_method_details: details }),
    );
    expect(event).toMatchObject({
      type: 'payment.authorised',
      data: { amount: { minor: 5_000 }, captureBefore: '2026-06-03T15:20:00.000Z' },
    });
  });

  it('metadata names the buyer and merchant before customer and connected account', () => {
    const metadata = { accountId: 'buyer-9', merchantId: 'm-9' };
    expect(only('charge.captured', stripeCharge({ metadata }), { account: 'acct_1' })).toMatchObject({
      accountId: 'buyer-9',
      data: { merchantId: 'm-9' },
    });
    expect(only('charge.captured', stripeCharge(), { account: 'acct_1' })).toMatchObject({ data: { merchantId: 'acct_1' } });
  });

  it.each([
    ['jpy', 500, { minor: 500, currency: 'JPY' }],
    ['isk', 500, { minor: 5, currency: 'ISK' }],
    ['mga', 500, { minor: 50_000, currency: 'MGA' }],
    ['kwd', 5_120, { minor: 5_120, currency: 'KWD' }],
  ])('%s %d is %j', (currency, amount, expected) => {
    expect(only('charge.succeeded', stripeCharge({ currency, amount, amount_captured: amount })).data).toMatchObject({
      amount: expected,
    });
  });

  it.each([
    ['charge.failed', stripeCharge({ failure_code: 'card_declined' }), 'payment.failed'],
    ['charge.expired', stripeCharge(), 'payment.expired'],
    [
      'payment_intent.canceled',
      { id: 'pi_1', object: 'payment_intent', customer: 'cus_1', cancellation_reason: 'automatic' },
      'payment.expired',
    ],
    [
      'payment_intent.canceled',
      { id: 'pi_1', object: 'payment_intent', customer: 'cus_1', cancellation_reason: 'duplicate' },
      'payment.voided',
    ],
    ['refund.created', stripeRefundObject({ status: 'pending' }), 'refund.submitted'],
    ['charge.refund.updated', stripeRefundObject(), 'refund.succeeded'],
    ['refund.failed', stripeRefundObject({ status: 'failed', failure_reason: 'lost_or_stolen_card' }), 'refund.failed'],
    ['charge.dispute.created', stripeDispute(), 'chargeback.opened'],
    ['charge.dispute.closed', stripeDispute({ status: 'lost' }), 'chargeback.closed'],
  ])('%s of %j is %s', (type, object, expected) => {
    expect(only(type, object)).toMatchObject({ type: expected, accountId: 'cus_1', data: { paymentId: 'pi_1' } });
  });

  it('a refunded charge tells each refund that it lists, under an id of its own', () => {
    const refunds = {
      data: [stripeRefundObject({ metadata: {} }), stripeRefundObject({ id: 're_2', amount: 500, metadata: {} })],
    };
    const events = eventsOf(tellStripe(stripeEvent('charge.refunded', stripeCharge({ refunds }))));
    expect(events).toMatchObject([
      {
        type: 'refund.succeeded',
        id: 'evt_1:re_1',
        accountId: 'cus_1',
        data: { refundId: 're_1', paymentId: 'pi_1', amount: { minor: 2_000 } },
      },
      { type: 'refund.succeeded', id: 'evt_1:re_2', data: { refundId: 're_2', amount: { minor: 500 } } },
    ]);
  });

  it('an inquiry is no chargeback', () => {
    for (const type of ['charge.dispute.created', 'charge.dispute.closed'])
      expect(tellStripe(stripeEvent(type, stripeDispute({ status: 'warning_needs_response' })))).toEqual({ kind: 'ignored' });
  });

  it('the same webhook is the same event', () => {
    const webhook = stripeEvent('charge.succeeded', stripeCharge());
    expect(tellStripe(webhook)).toEqual(tellStripe(structuredClone(webhook)));
  });

  it('what is about payments and new to us is kept; what is about something else is not ours', () => {
    expect(tellStripe(stripeEvent('charge.new_kind', stripeCharge()))).toMatchObject({
      kind: 'unmapped',
      type: 'stripe.charge.new_kind',
    });
    expect(tellStripe(stripeEvent('refund.updated', stripeRefundObject({ status: 'new' })))).toMatchObject({ kind: 'unmapped' });
    expect(tellStripe(stripeEvent('customer.created', { id: 'cus_1' }))).toEqual({ kind: 'ignored' });
  });

  it.each([
    null,
    7,
    'x',
    [],
    {},
    { type: 'charge.succeeded' },
    { type: 'charge.refunded', data: { object: { refunds: { data: [null] } } } },
  ])('does not throw on %j', (webhook) => expect(() => tellStripe(webhook)).not.toThrow());

  const folder = join(__dirname, '../../../shared/data/provider_fixtures/stripe_webhooks');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  it('the published fixtures about money lose no amount, id or status, once the buyer is known', () => {
    const told = files.map((file) => {
      const webhook = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        type: string;
        data: { object: Record<string, unknown> };
      };
      const { object } = webhook.data;
      object['metadata'] = { ...(object['metadata'] as object), accountId: 'buyer-1' };
      return { webhook, object, told: tellStripe(webhook) };
    });
    for (const { webhook, object, told: one } of told) {
      if (one.kind !== 'events') {
        expect([webhook.type, one.kind]).toEqual([webhook.type, 'ignored']);
        continue;
      }
      for (const { data } of eventsOf(one)) {
        const said = data as { paymentId: string; amount?: { minor: number; currency: string } };
        expect([object['payment_intent'], object['charge'], object['id']]).toContain(said.paymentId);
        if (said.amount !== undefined)
          expect(said.amount).toEqual({ minor: object['amount'], currency: String(object['currency']).toUpperCase() });
      }
    }
    expect(told.filter(({ told: one }) => one.kind === 'events')).toHaveLength(files.length === 0 ? 0 : 9);
  });
});

import fc from 'fast-check';
import {
  account,
  authorised,
  AWAY,
  captured,
  card,
  created,
  ended,
  eur,
  HOME,
  otherCard,
  refund,
  told,
  type ToldEvent,
} from './told-events';

const START = Date.UTC(2026, 5, 1, 8);
const minute = 60_000;
/** Times that lie close together as often as weeks apart. */
const times = fc
  .tuple(fc.nat(40), fc.constantFrom(0, 1, 3, 60, 24 * 60), fc.nat(3))
  .map(([day, step, times]) => new Date(START + (day * 1_440 + step * times) * minute).toISOString());
const paymentIds = fc.constantFrom('pay-1', 'pay-1', 'pay-2', 'pay-2', 'pay-3', 'pay-4', 'pay-5', 'pay-6');
const orderIds = fc.constantFrom('order-1', 'order-2');
/** The buyer's own telephone behind an address far away. */
const ABROAD = { ...HOME, ip: '203.0.113.9', country: 'AU', lat: -33.9, lon: 151.2 };
const refundIds = fc.constantFrom('1', '2');
const amounts = fc.constantFrom(0, 1000, 1000, 1000, 2500).map(eur);

/** An order belongs to a payment for good: attributes of one payment do not contradict each other. */
const attributesOf = (paymentId: string): object => attributes[paymentId] ?? { instrument: card };
const attributes: Readonly<Record<string, object>> = {
  'pay-1': { instrument: card, orderId: 'order-1' },
  'pay-2': { instrument: otherCard, orderId: 'order-1', lineIds: ['line-2'] },
  'pay-4': { instrument: card, orderId: 'order-2', initiator: 'merchant', subscription: { id: 'sub', period: '1' } },
  'pay-5': { instrument: card, idempotencyKey: 'key-pay-3', mcc: '5812' },
  'pay-6': { instrument: { kind: 'upi', fingerprint: 'upi-1' }, orderId: 'order-2', presence: 'in_person', mcc: '5812' },
};

const paymentEvents = fc
  .tuple(
    fc.constantFrom('created', 'authorised', 'captured', 'captured'),
    times,
    paymentIds,
    amounts,
    fc.constantFrom(undefined, 'c1', 'c2'),
  )
  .map(([what, time, id, amount, captureId]): ToldEvent => {
    const more = attributesOf(id);
    if (what === 'created') return created(time, id, amount, more);
    if (what === 'authorised')
      return authorised(time, id, amount, { ...more, ...(captureId === 'c1' ? { captureBefore: time } : {}) });
    const lineIds = captureId === undefined || id !== 'pay-1' ? {} : { lineIds: [captureId] };
    return captured(time, id, amount, { ...more, ...(captureId === undefined ? {} : { captureId, ...lineIds }) });
  });
const endEvents = fc
  .tuple(fc.constantFrom('failed', 'voided', 'expired', 'settled'), times, paymentIds)
  .map(([how, time, id]) => ended(how as 'failed', time, id));
const refundEvents = fc
  .tuple(
    fc.constantFrom('requested', 'approved', 'rejected', 'submitted', 'succeeded', 'failed', 'posted'),
    times,
    amounts,
    refundIds,
    fc.constantFrom(card, otherCard, undefined),
  )
  .map(([step, time, amount, n, instrument]) =>
    refund(step, time, amount, {
      refundId: `refund-${n}`,
      paymentId: `pay-${n}`,
      ...(instrument === undefined ? {} : { instrument }),
    }),
  );
const orderEvents = fc
  .tuple(
    fc.constantFrom(
      'order.placed',
      'order.confirmed',
      'order.cancelled',
      'delivery.shipped',
      'delivery.delivered',
      'delivery.returned',
    ),
    times,
    orderIds,
    amounts,
  )
  .map(([type, time, orderId, total]) =>
    told(type, time, type === 'order.placed' ? { orderId, merchantId: 'shop', total } : { orderId }),
  );
const freezeEvents = fc
  .tuple(
    fc.constantFrom('frozen', 'unfrozen'),
    times,
    fc.option(amounts, { nil: undefined }),
    fc.option(times, { nil: undefined }),
  )
  .map(([what, time, amount, until]) =>
    told(`funds.${what}`, time, {
      freezeId: 'f-1',
      ...(amount === undefined ? {} : { amount }),
      ...(until === undefined ? {} : { until }),
    }),
  );
const accountEvents = fc
  .tuple(
    fc.constantFrom(
      'logged_in',
      'logged_in',
      'login_failed',
      'step_up_passed',
      'password_changed',
      'payout_changed',
      'phishing_reported',
    ),
    times,
    fc.constantFrom(HOME, AWAY, ABROAD, undefined),
  )
  .map(([act, time, context]) => account(act, time, context));
const travelEvents = fc
  .tuple(times, times, times, fc.constantFrom('DE', 'NG'))
  .map(([time, from, to, country]) => told('account.travel_announced', time, { country, from, to }));
const sideEvents = fc.oneof(
  fc
    .tuple(times, amounts, fc.constantFrom('f1', 'f2'), fc.constantFrom(true, false, undefined))
    .map(([time, amount, feeId, disclosed]) =>
      told('fee.charged', time, {
        feeId,
        kind: 'booking',
        amount,
        orderId: 'order-1',
        ...(disclosed === undefined ? {} : { disclosed }),
      }),
    ),
  fc
    .tuple(fc.constantFrom('held', 'released', 'paid'), times)
    .map(([what, time]) =>
      told(`payout.${what}`, time, { payoutId: 'out-1', merchantId: 'shop', orderId: 'order-1', amount: eur(900) }),
    ),
  fc
    .tuple(
      times,
      amounts,
      fc.constantFrom('l1', 'l2', 'l3'),
      fc.constantFrom('debit', 'credit'),
      fc.constantFrom('pay-1', 'order-2', 'refund-1', 'pay-9', undefined),
    )
    .map(([time, amount, lineId, direction, reference]) =>
      told('statement.line', time, {
        lineId,
        bookedAt: time,
        amount,
        direction,
        ...(reference === undefined ? {} : { reference }),
      }),
    ),
  fc
    .tuple(fc.constantFrom('credited', 'debited'), times, amounts, fc.constantFrom('w1', 'w2'))
    .map(([what, time, amount, entryId]) => told(`wallet.${what}`, time, { entryId, amount })),
  fc.tuple(times, amounts).map(([time, balance]) => told('wallet.balance_reported', time, { balance })),
  fc
    .tuple(times, amounts, fc.constantFrom('payment', 'day', 'month'))
    .map(([time, limit, per]) => told('account.limit_set', time, { limit, per })),
  fc
    .tuple(times, fc.constantFrom({ orderId: 'order-1' }, { paymentId: 'pay-3' }, { orderId: 'order-2' }))
    .map(([time, about]) => told('complaint.filed', time, { complaintId: `c-${Object.values(about)[0]}`, ...about })),
  fc
    .tuple(times, amounts, paymentIds)
    .map(([time, amount, paymentId]) => told('chargeback.opened', time, { chargebackId: `cb-${paymentId}`, paymentId, amount })),
  fc
    .tuple(fc.constantFrom('buyer', 'merchant'), times, paymentIds)
    .map(([outcome, time, paymentId]) =>
      told('chargeback.closed', time, { chargebackId: `cb-${paymentId}`, paymentId, outcome }),
    ),
);

/** What may be told of one account: few ids, so that events meet. Each event has an id of its own. */
export const randomStory: fc.Arbitrary<readonly ToldEvent[]> = fc
  .array(
    fc.oneof(
      { arbitrary: paymentEvents, weight: 5 },
      { arbitrary: orderEvents, weight: 3 },
      { arbitrary: refundEvents, weight: 3 },
      { arbitrary: endEvents, weight: 1 },
      { arbitrary: freezeEvents, weight: 1 },
      { arbitrary: accountEvents, weight: 2 },
      { arbitrary: travelEvents, weight: 1 },
      { arbitrary: sideEvents, weight: 2 },
    ),
    { minLength: 1, maxLength: 18 },
  )
  .map((events) => events.map((event, index) => ({ ...event, id: `e${index}` })));

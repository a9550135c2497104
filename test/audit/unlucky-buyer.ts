import type { Money } from '#kernel/money';
import { days, formatInstant, hours, type InstantMs } from '#kernel/time';
import type { EventType, Instrument } from '#event/types';
import type { CloudEvent } from '#simulator/teller';

/** A buyer who was charged twice for each of two orders: two cases, about money that has nothing in common. */
export function unluckyBuyer(accountId: string, minor: number, at: InstantMs): readonly CloudEvent[] {
  let count = 0;
  const said = (type: EventType, data: object): CloudEvent => ({
    specversion: '1.0',
    id: `${accountId}-${(count += 1)}`,
    source: '/audit',
    type,
    time: formatInstant(at + count * 1_000),
    data: { accountId, ...data },
  });
  return ['first', 'second'].flatMap((name) => {
    const amount = { minor, currency: 'EUR' };
    const order = { orderId: `${accountId}-${name}`, merchantId: 'unlucky-shop' };
    const instrument = { kind: 'card', fingerprint: `tok-${accountId}`, last4: '4242' };
    const paid = (n: number) => said('payment.captured', { ...order, paymentId: `${order.orderId}-${n}`, amount, instrument });
    return [said('order.placed', { ...order, total: amount }), paid(1), paid(2)];
  });
}

/** Two who get their money back at once, and two whose loss waits for a second person. */
export const unluckyBuyers = (now: InstantMs): readonly CloudEvent[] =>
  [4_200, 5_300, 9_000_000, 9_100_000].flatMap((minor) => unluckyBuyer(`unlucky-${minor}`, minor, now - hours(2)));

/** One whose order was confirmed five days too late, under the rule of India, and an American whose order never was. */
export const lateBuyers = (now: InstantMs): readonly CloudEvent[] => [
  ...debited(
    'late-in',
    { minor: 90_000, currency: 'INR' },
    { kind: 'upi', fingerprint: 'vpa-late' },
    now - days(20),
    now - days(10),
  ),
  ...debited(
    'late-us',
    { minor: 7_000, currency: 'USD' },
    { kind: 'card', fingerprint: 'tok-late', country: 'US' },
    now - days(30),
  ),
];

function debited(
  accountId: string,
  amount: Money,
  instrument: Instrument,
  at: InstantMs,
  confirmedAt?: InstantMs,
): readonly CloudEvent[] {
  const order = { orderId: `${accountId}-order`, merchantId: 'unlucky-shop' };
  const said = (type: EventType, data: object, time: InstantMs): CloudEvent => ({
    ...{ specversion: '1.0', id: `${accountId}-${type}`, source: '/audit', type },
    ...{ time: formatInstant(time), data: { accountId, ...data } },
  });
  return [
    said('order.placed', { ...order, total: amount }, at),
    said('payment.captured', { ...order, paymentId: `${accountId}-1`, amount, instrument }, at + 1_000),
    ...(confirmedAt === undefined ? [] : [said('order.confirmed', { orderId: order.orderId }, confirmedAt)]),
  ];
}

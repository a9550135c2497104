import { modelClaims } from './model';
import { readEvents, type ModelRecord } from './read';

const until = Date.parse('2026-06-30T00:00:00Z');
const card = { kind: 'card', fingerprint: 'card-1', scheme: 'visa' };
const euro = (minor: number) => ({ minor, currency: 'EUR' });

let count = 0;
const event = (type: string, time: string, data: object, id = `e-${count++}`) => ({
  specversion: '1.0',
  source: '/shop',
  id,
  type,
  time,
  data: { accountId: 'buyer', ...data },
});
const capture = (paymentId: string, time: string, more: object = {}) =>
  event('payment.captured', time, {
    paymentId,
    merchantId: 'shop',
    amount: euro(5000),
    instrument: card,
    idempotencyKey: `key-${paymentId}`,
    ...more,
  });
const asRecords = (events: readonly object[]): readonly ModelRecord[] =>
  events.map((each) => ({ value: JSON.stringify(each), appendedAt: until }));
const claims = (...events: readonly object[]) => modelClaims(readEvents(asRecords(events)).events, until);

describe('the plain model', () => {
  it('counts the same event again as a redelivery, and other content under its identity as refused', () => {
    const first = capture('p-1', '2026-06-01T10:00:00Z');
    const conflict = { ...capture('p-1', '2026-06-01T11:00:00Z'), id: first.id };
    const future = capture('p-2', '2026-07-01T00:00:00Z');
    const input = readEvents([...asRecords([first, first, conflict, future]), { value: '{"id":', appendedAt: until }]);
    expect([input.applied, input.duplicates, input.refused]).toEqual([1, 1, 3]);
  });

  it('calls two captures of one order a duplicate, and paid by other means when the card differs', () => {
    const order = event('order.placed', '2026-06-01T10:00:00Z', { orderId: 'o-1', merchantId: 'shop', total: euro(5000) });
    const first = capture('p-1', '2026-06-01T10:01:00Z', { orderId: 'o-1' });
    const second = { orderId: 'o-1' };
    expect(claims(order, first, capture('p-2', '2026-06-01T10:02:00Z', second))).toMatchObject([
      { kind: 'duplicate-charge', confidence: 'certain', paymentIds: ['p-1', 'p-2'], loss: euro(5000), status: 'open' },
    ]);
    const otherCard = { ...second, instrument: { ...card, fingerprint: 'card-2' } };
    expect(claims(order, first, capture('p-2', '2026-06-01T10:02:00Z', otherCard))).toMatchObject([
      { kind: 'paid-by-other-means', confidence: 'certain' },
    ]);
  });

  it('grades twins without an order by the time between them, and takes a refunded one back', () => {
    const first = capture('p-1', '2026-06-01T10:00:00Z');
    expect(claims(first, capture('p-2', '2026-06-01T10:04:00Z'))).toMatchObject([{ confidence: 'likely' }]);
    expect(claims(first, capture('p-2', '2026-06-01T20:00:00Z'))).toMatchObject([{ confidence: 'possible' }]);
    expect(claims(first, capture('p-2', '2026-06-03T10:00:00Z'))).toEqual([]);
    const back = event('refund.succeeded', '2026-06-02T10:00:00Z', { refundId: 'r-1', paymentId: 'p-2', amount: euro(5000) });
    expect(claims(first, capture('p-2', '2026-06-01T10:04:00Z'), back)).toMatchObject([{ status: 'cleared' }]);
  });

  it('opens a hold at its end and clears it when the news is late', () => {
    const hold = event('payment.authorised', '2026-06-01T10:00:00Z', {
      paymentId: 'p-1',
      merchantId: 'shop',
      amount: euro(5000),
      instrument: card,
    });
    const voided = (time: string) => event('payment.voided', time, { paymentId: 'p-1' });
    const at = Date.parse('2026-06-08T10:00:00Z');
    expect(claims(hold)).toMatchObject([{ kind: 'stuck-hold', at, status: 'open', loss: euro(5000) }]);
    expect(claims(hold, voided('2026-06-09T10:00:00Z'))).toMatchObject([{ kind: 'stuck-hold', at, status: 'cleared' }]);
    expect(claims(hold, voided('2026-06-07T10:00:00Z'))).toEqual([]);
  });

  it('counts working days for a refund and names the difference of a short one', () => {
    const refund = (step: string, time: string, minor = 5000) =>
      event(`refund.${step}`, time, { refundId: 'r-1', paymentId: 'p-1', amount: euro(minor) });
    const paid = capture('p-1', '2026-06-01T10:00:00Z');
    // Friday; Monday is the first working day, Tuesday the second.
    const approved = refund('approved', '2026-06-05T10:00:00Z');
    expect(claims(paid, approved)).toMatchObject([{ kind: 'refund-overdue', at: Date.parse('2026-06-09T10:00:00Z') }]);
    const inTime = [approved, refund('submitted', '2026-06-09T09:00:00Z')];
    expect(claims(paid, ...inTime, refund('succeeded', '2026-06-10T09:00:00Z'))).toEqual([]);
    expect(claims(paid, ...inTime, refund('succeeded', '2026-06-10T09:00:00Z', 4850))).toMatchObject([
      { kind: 'refund-amount-wrong', loss: euro(150), status: 'open' },
    ]);
  });

  it('expects money back from a cancelled order, and a freeze to end', () => {
    const order = event('order.placed', '2026-06-01T10:00:00Z', { orderId: 'o-1', merchantId: 'shop', total: euro(5000) });
    const cancelled = event('order.cancelled', '2026-06-02T10:00:00Z', { orderId: 'o-1' });
    expect(claims(order, capture('p-1', '2026-06-01T10:01:00Z', { orderId: 'o-1' }), cancelled)).toMatchObject([
      { kind: 'refund-overdue', loss: euro(5000), status: 'open', at: Date.parse('2026-06-04T10:00:00Z') },
    ]);
    expect(claims(event('funds.frozen', '2026-06-01T10:00:00Z', { freezeId: 'f-1', amount: euro(100) }))).toMatchObject([
      { kind: 'frozen-funds', at: Date.parse('2026-06-22T10:00:00Z') },
    ]);
  });
});

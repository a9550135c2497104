import { newCoverage } from '#detection/coverage';
import { paymentFacts } from '#detection/payment-facts';
import { tellAdyen } from '#event/adyen';
import { createDecoder } from '#event/decode';
import { findById, newLedger, type Touched } from '#ledger/ledger';
import { fold } from '#ledger/fold';
import { adyenItem } from '#test/providers/webhooks';
import { authorised, captured, ended, eur, forOrder, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const dollars = (step: string, exchange?: object) =>
  refund(step, '2026-06-02T10:00', { minor: 1080, currency: 'USD' }, exchange === undefined ? {} : { exchange });
const decode = createDecoder();
const ourKey = `key-${'a'.repeat(32)}`;

/** What the ledger makes of Adyen's webhooks. */
function factsAfter(...items: readonly object[]) {
  const ledger = newLedger('buyer-1');
  const touched = {} as Touched;
  for (const item of items) {
    const told = tellAdyen(item as never, { capturesAtOnce: false });
    if (told.kind !== 'events') throw new Error(told.kind);
    for (const event of told.events) {
      const decoded = decode(Buffer.from(JSON.stringify({ specversion: '1.0', ...event })));
      if (decoded === 'ignored' || !decoded.ok) throw new Error(JSON.stringify(decoded));
      fold(ledger, decoded.value, touched);
    }
  }
  return paymentFacts(ledger, findById(ledger.payments, 'PSPPAYMENT000001')!, newCoverage());
}

describe('the facts of a payment', () => {
  const capture = adyenItem('CAPTURE');
  const refund = adyenItem('REFUND', {
    merchantReference: ourKey,
    amount: { currency: 'EUR', value: 2_000 },
    eventDate: '2026-06-02T12:00:00+02:00',
  });
  const failed = { ...refund, eventCode: 'REFUND_FAILED', eventDate: '2026-06-03T12:00:00+02:00' };

  it('name the refunds that succeeded, so that one without an answer is known to have come about', () => {
    expect(factsAfter(capture, refund)).toMatchObject({
      refundedMinor: 2_000,
      refundIds: [ourKey],
      succeededRefundIds: [ourKey],
    });
    expect(factsAfter(refund, refund, capture)).toMatchObject({ refundedMinor: 2_000, succeededRefundIds: [ourKey] });
  });

  it.each([
    ['in order', [capture, refund, failed]],
    ['out of order', [capture, failed, refund]],
    ['never told to have succeeded', [capture, { ...refund, success: 'false' }]],
  ])('name those that failed, %s', (_, items) => {
    const facts = factsAfter(...items);
    expect(facts).toMatchObject({ refundedMinor: 0, failedRefundIds: [ourKey] });
    expect(facts).not.toHaveProperty('succeededRefundIds');
    expect(facts).not.toHaveProperty('refundIds');
  });
});

describe('the facts of a payment, as guards need them', () => {
  const factsOf = (events: readonly ToldEvent[], coverage = newCoverage()) => {
    const ledger = newLedger('buyer');
    for (const event of events) {
      const decoded = decode(Buffer.from(JSON.stringify(event)));
      if (decoded === 'ignored' || !decoded.ok) throw new Error(JSON.stringify(decoded));
      fold(ledger, decoded.value, {} as Touched);
    }
    return paymentFacts(ledger, findById(ledger.payments, 'pay-1')!, coverage);
  };
  const paid = captured('2026-06-01T10:00', 'pay-1', eur(9000), forOrder);
  const back = (step: string, day: number, minor: number, more: object = {}) =>
    refund(step, `2026-06-${String(day).padStart(2, '0')}T10:00`, eur(minor), more);
  const chargeback = (step: 'opened' | 'closed', day: string, more: object) =>
    told(`chargeback.${step}`, `2026-06-${day}T10:00`, { chargebackId: 'cb', paymentId: 'pay-1', ...more });

  it('are all that is known, and nothing of what is not', () => {
    expect(factsOf([paid])).toEqual({
      paymentId: 'pay-1',
      accountId: 'buyer',
      merchantId: 'shop',
      orderId: 'order-1',
      provider: 'psp',
      instrument: expect.objectContaining({ fingerprint: 'card-1' }),
      currency: 'EUR',
      authorisedMinor: 0,
      capturedMinor: 9000,
      refundedMinor: 0,
      refundPendingMinor: 0,
      capturedAt: Date.parse('2026-06-01T10:00Z'),
      chargebackOpen: false,
      chargedBackMinor: 0,
      settled: 'unknown',
      voided: false,
      asOf: Date.parse('2026-06-01T10:00Z'),
    });
    expect(factsOf([ended('expired', '2026-06-01T11:00', 'pay-1')])).toEqual({
      paymentId: 'pay-1',
      accountId: 'buyer',
      currency: '',
      authorisedMinor: 0,
      capturedMinor: 0,
      refundedMinor: 0,
      refundPendingMinor: 0,
      chargebackOpen: false,
      chargedBackMinor: 0,
      settled: 'unknown',
      voided: false,
      asOf: Date.parse('2026-06-01T11:00Z'),
    });
  });

  it('name what is held, what was captured of it and that a void took back both', () => {
    const hold = authorised('2026-06-01T09:00', 'pay-1', eur(9000));
    const voided = ended('voided', '2026-06-02T10:00', 'pay-1');
    expect(factsOf([hold])).toMatchObject({ authorisedMinor: 9000, capturedMinor: 0, voided: false });
    expect(factsOf([hold])).not.toHaveProperty('capturedAt');
    expect(factsOf([hold, voided])).toMatchObject({ authorisedMinor: 9000, capturedMinor: 0, voided: true });
    expect(factsOf([hold, paid, voided])).toMatchObject({ capturedMinor: 0, voided: true });
    expect(factsOf([paid, ended('failed', '2026-06-02T10:00', 'pay-1')])).toMatchObject({ capturedMinor: 0, voided: true });
    const part = captured('2026-06-01T10:00', 'pay-1', eur(4000));
    const rest = ended('voided', '2026-06-02T10:00', 'pay-1', { amount: eur(5000) });
    expect(factsOf([hold, part, rest])).toMatchObject({ capturedMinor: 4000, voided: false });
  });

  it('add up refunds that came back, and those that are on their way', () => {
    const one = { refundId: 'one' };
    const two = { refundId: 'two' };
    expect(factsOf([paid, back('succeeded', 2, 1000, one), back('succeeded', 3, 2000, two)])).toMatchObject({
      refundedMinor: 3000,
      refundPendingMinor: 0,
      refundIds: ['one', 'two'],
      succeededRefundIds: ['one', 'two'],
    });
    expect(factsOf([paid, back('requested', 2, 1000, one), back('submitted', 3, 2000, two)])).toMatchObject({
      refundedMinor: 0,
      refundPendingMinor: 3000,
      refundIds: ['one', 'two'],
    });
    expect(factsOf([paid, back('succeeded', 2, 1000, one), back('approved', 3, 2000, two)])).toMatchObject({
      refundedMinor: 1000,
      refundPendingMinor: 2000,
      refundIds: ['one', 'two'],
      succeededRefundIds: ['one'],
    });
  });

  it.each([
    ['the submission above the approval', [back('approved', 2, 1000), back('submitted', 3, 900)], 900],
    ['the approval above the request', [back('requested', 2, 1000), back('approved', 3, 800)], 800],
    ['nothing once it succeeded', [back('submitted', 2, 1000), back('succeeded', 3, 1000)], 0],
    ['nothing once it was posted', [back('submitted', 2, 1000), back('posted', 3, 1000)], 0],
    ['nothing once it was rejected', [back('requested', 2, 1000), back('rejected', 3, 1000)], 0],
    ['nothing once it failed', [back('submitted', 2, 1000), back('failed', 3, 1000)], 0],
    ['what was submitted again after a failure', [back('failed', 2, 1000), back('submitted', 3, 1000)], 1000],
    ['the sum in the payment’s currency', [dollars('approved', { from: eur(1000), rate: 1.08 })], 1000],
    ['nothing in another currency that stands for no known sum', [dollars('approved')], 0],
  ])('count of a refund on its way %s', (_what, refunds, minor) => {
    expect(factsOf([paid, ...refunds])).toMatchObject({ refundPendingMinor: minor });
  });

  it('name a rejected refund as failed, and not one that is on its way again', () => {
    expect(factsOf([paid, back('requested', 2, 1000), back('rejected', 3, 1000)])).toMatchObject({
      failedRefundIds: ['refund-1'],
    });
    const again = factsOf([paid, back('failed', 2, 1000), back('submitted', 3, 1000)]);
    expect(again).toMatchObject({ refundIds: ['refund-1'] });
    expect(again).not.toHaveProperty('failedRefundIds');
    expect(factsOf([paid, back('submitted', 2, 1000)])).not.toHaveProperty('failedRefundIds');
  });

  it('say whether a chargeback is open, and what one took that was decided for the buyer', () => {
    const opened = chargeback('opened', '05', { amount: eur(4000) });
    const closed = (outcome: string) => chargeback('closed', '20', { outcome });
    expect(factsOf([paid, opened])).toMatchObject({ chargebackOpen: true, chargedBackMinor: 0 });
    expect(factsOf([paid, opened, closed('buyer')])).toMatchObject({ chargebackOpen: false, chargedBackMinor: 4000 });
    expect(factsOf([paid, opened, closed('merchant')])).toMatchObject({ chargebackOpen: false, chargedBackMinor: 0 });
    const second = (step: 'opened' | 'closed', more: object) => chargeback(step, '21', { ...more, chargebackId: 'cb-2' });
    expect(
      factsOf([paid, opened, closed('buyer'), second('opened', { amount: eur(500) }), second('closed', { outcome: 'merchant' })]),
    ).toMatchObject({ chargedBackMinor: 4000 });
    expect(
      factsOf([paid, opened, closed('buyer'), second('opened', { amount: eur(500) }), second('closed', { outcome: 'buyer' })]),
    ).toMatchObject({ chargedBackMinor: 4500 });
    expect(factsOf([paid, opened, closed('merchant'), second('opened', { amount: eur(500) })])).toMatchObject({
      chargebackOpen: true,
    });
  });

  it('take the whole payment as charged back where only the decision was told, so that nobody pays twice', () => {
    expect(factsOf([paid, chargeback('closed', '20', { outcome: 'buyer' })])).toMatchObject({
      chargebackOpen: false,
      chargedBackMinor: 9000,
    });
  });

  it('are settled when that was told, not settled only where the provider tells of it', () => {
    const covered = { ...newCoverage(), settled: { psp: 0 } };
    expect(factsOf([paid], covered)).toMatchObject({ settled: 'no' });
    expect(factsOf([paid, ended('settled', '2026-06-03T10:00', 'pay-1')], covered)).toMatchObject({ settled: 'yes' });
    expect(factsOf([paid, ended('settled', '2026-06-03T10:00', 'pay-1')])).toMatchObject({ settled: 'yes' });
  });
});

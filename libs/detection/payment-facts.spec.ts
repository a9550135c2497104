import { newCoverage } from '#detection/coverage';
import { paymentFacts } from '#detection/payment-facts';
import { tellAdyen } from '#event/adyen';
import { createDecoder } from '#event/decode';
import { findById, newLedger, type Touched } from '#ledger/ledger';
import { fold } from '#ledger/fold';
import { adyenItem } from '#test/providers/webhooks';

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

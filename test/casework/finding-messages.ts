import fc from 'fast-check';
import { formatInstant, type InstantMs } from '#kernel/time';
import type { Confidence, Finding, FindingKind, FindingMessage, FindingStatus, PaymentFacts } from '#detection/finding';
import { factsOf } from '#test/money/examples';

export const noon: InstantMs = Date.parse('2026-03-02T12:00:00Z');

export const paymentFacts = (paymentId: string, patch: Partial<PaymentFacts> = {}): PaymentFacts =>
  factsOf(paymentId, { accountId: 'a-1', asOf: noon, ...patch });

export const duplicate = (patch: Partial<Finding> = {}): Finding => ({
  findingId: 'f-1',
  kind: 'duplicate-charge',
  confidence: 'certain',
  status: 'open',
  at: formatInstant(noon),
  accountId: 'a-1',
  merchantId: 'm-1',
  orderId: 'o-1',
  paymentIds: ['p-1', 'p-2'],
  loss: { minor: 5_000, currency: 'EUR' },
  because: { rule: 'same-order', fields: ['paymentId'], figures: { capturedMinor: 10_000, totalMinor: 5_000 } },
  eventIds: ['e-1', 'e-2'],
  ...patch,
});

export const told = (finding: Finding, payments?: readonly PaymentFacts[]): FindingMessage => ({
  type: 'finding',
  finding,
  payments: payments ?? finding.paymentIds.map((paymentId) => paymentFacts(paymentId, { accountId: finding.accountId ?? '' })),
});

/** Random talk about few buyers, payments and orders, so that findings meet: they open, change, clear, come back, and facts move. */
export const anyMessages = fc.array(fc.oneof({ weight: 4, arbitrary: anyFinding() }, { weight: 1, arbitrary: anyPayment() }), {
  minLength: 1,
  maxLength: 40,
});

function anyFinding(): fc.Arbitrary<FindingMessage> {
  return fc
    .record({
      account: fc.integer({ min: 0, max: 3 }),
      claim: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom<FindingKind>('duplicate-charge', 'stuck-hold', 'refund-overdue', 'account-takeover', 'frozen-funds'),
      confidence: fc.constantFrom<Confidence>('certain', 'certain', 'likely', 'possible'),
      status: fc.constantFrom<FindingStatus>('open', 'open', 'cleared'),
      minor: fc.integer({ min: 1, max: 90_000 }),
      hours: fc.integer({ min: 0, max: 2_000 }),
      facts: fc.boolean(),
    })
    .map(({ account, claim, kind, confidence, status, minor, hours, facts }) => {
      const accountId = account === 0 ? null : `a-${account}`;
      const paymentIds = claim === 4 ? [] : [`p-${account}-${claim}`, `p-${account}-${claim + 1}`];
      const finding = duplicate({
        findingId: `f-${kind}-${account}-${claim}`,
        kind,
        confidence,
        status,
        accountId,
        at: formatInstant(noon - hours * 3_600_000),
        orderId: `o-${account}-${claim % 2}`,
        paymentIds: accountId === null ? [] : paymentIds,
        loss: kind === 'account-takeover' ? null : { minor, currency: claim === 3 ? 'JPY' : 'EUR' },
        ...(accountId === null ? { scope: { kind: 'merchant' as const, key: `m-${claim % 2}` } } : {}),
      });
      const payments = finding.paymentIds.map((id) =>
        paymentFacts(id, { accountId: accountId ?? '', capturedMinor: 90_000, authorisedMinor: 90_000 }),
      );
      return told(finding, facts ? payments : []);
    });
}

function anyPayment(): fc.Arbitrary<FindingMessage> {
  return fc
    .record({
      account: fc.integer({ min: 1, max: 3 }),
      payment: fc.integer({ min: 0, max: 4 }),
      capturedMinor: fc.integer({ min: 0, max: 90_000 }),
      refundedMinor: fc.integer({ min: 0, max: 5_000 }),
      chargebackOpen: fc.boolean(),
      settled: fc.constantFrom<PaymentFacts['settled']>('yes', 'no', 'unknown'),
      later: fc.integer({ min: -5, max: 5 }),
    })
    .map(({ account, payment, later, ...facts }) => {
      const paymentId = `p-${account}-${payment}`;
      return { type: 'payment', payment: paymentFacts(paymentId, { accountId: `a-${account}`, asOf: noon + later, ...facts }) };
    });
}

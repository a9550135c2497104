import { defaultPolicy } from '#action/default-policy';
import { firstGuard, type GuardInput, type GuardName } from '#action/guards';
import { days } from '#kernel/time';
import { factsOf } from '#test/money/examples';

const now = 1_000_000_000;
const refund = (patch: Partial<GuardInput> = {}, facts: Parameters<typeof factsOf>[1] = {}): GuardName | undefined =>
  firstGuard({
    kind: 'refund',
    amount: { minor: 5_000, currency: 'EUR' },
    findingKind: 'duplicate-charge',
    facts: factsOf('pay-1', facts),
    reservedMinor: 0,
    spentMinor: 0,
    policy: defaultPolicy,
    now,
    ...patch,
  });

describe('guards', () => {
  it('a refund of what was captured and is still there passes', () => {
    expect(refund()).toBeUndefined();
  });

  it.each<[string, GuardName, Partial<GuardInput>, Parameters<typeof factsOf>[1]]>([
    ['a stopped kind', 'kill-switch', { policy: { ...defaultPolicy, killSwitch: ['refund'] } }, {}],
    ['a chargeback that is open', 'open-chargeback', {}, { chargebackOpen: true }],
    ['a payment that was voided', 'already-voided', {}, { voided: true, capturedMinor: 0 }],
    ['a payment that was refunded in full', 'already-refunded', {}, { refundedMinor: 5_000 }],
    ['a payment that a chargeback gave back', 'already-refunded', {}, { chargedBackMinor: 5_000 }],
    ['money that is not settled yet', 'not-settled', {}, { settled: 'no' }],
    ['more than was captured', 'exceeds-captured', { amount: { minor: 5_001, currency: 'EUR' } }, {}],
    ['more than refunds left', 'exceeds-captured', {}, { refundedMinor: 1 }],
    ['more than refunds on their way leave', 'exceeds-captured', {}, { refundPendingMinor: 1 }],
    ['more than our own actions leave', 'exceeds-captured', { reservedMinor: 1 }, {}],
    ['another currency', 'exceeds-captured', { amount: { minor: 1, currency: 'USD' } }, {}],
    ['the hour being spent', 'budget', { spentMinor: 2_000_000 - 4_999 }, {}],
    ['a dry run', 'dry-run', { policy: { ...defaultPolicy, dryRun: true } }, {}],
  ])('%s stops a refund: %s', (_what, guard, input, facts) => {
    expect(refund(input, facts)).toBe(guard);
  });

  it('a refund that is still on its way is not paid again, though there is room for it', () => {
    const pending = { refundPendingMinor: 2_000 };
    const amount = { minor: 2_000, currency: 'EUR' };
    expect(refund({ findingKind: 'refund-overdue', amount }, pending)).toBe('refund-pending');
    expect(refund({ findingKind: 'duplicate-charge', amount }, pending)).toBeUndefined();
  });

  it('a direct debit is not refunded in its first seven days', () => {
    const instrument = { kind: 'bank_account' as const, fingerprint: 'x', scheme: 'sepa_debit' };
    expect(refund({}, { instrument, capturedAt: now - days(7) + 1 })).toBe('direct-debit');
    expect(refund({}, { instrument, capturedAt: now - days(7) })).toBeUndefined();
    expect(refund({}, { instrument: { ...instrument, scheme: 'visa' }, capturedAt: now })).toBeUndefined();
  });

  it('a hold is released up to what was authorised, and costs no budget', () => {
    const hold = { kind: 'void' as const, spentMinor: 9_000_000 };
    expect(refund(hold, { capturedMinor: 0 })).toBeUndefined();
    expect(refund({ ...hold, reservedMinor: 1 }, { capturedMinor: 0 })).toBe('exceeds-authorised');
    expect(refund(hold, { capturedMinor: 0, voided: true })).toBe('already-voided');
  });

  it('what moves no money is stopped by the switches alone', () => {
    const facts = { chargebackOpen: true, voided: true, refundedMinor: 5_000 };
    expect(refund({ kind: 'freeze' }, facts)).toBeUndefined();
    expect(refund({ kind: 'freeze', policy: { ...defaultPolicy, killSwitch: ['freeze'] } }, facts)).toBe('kill-switch');
  });
});

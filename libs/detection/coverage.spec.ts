import { newCoverage, noteCoverage, shownBy } from '#detection/coverage';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, ended, eur, refund, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string) => Date.parse(`${time}:00Z`);
const paid = captured('2026-06-01T10:00', 'pay-1', eur(5000));
const other = captured('2026-06-01T10:00', 'pay-2', eur(5000), { provider: 'other' });
const posted = (time: string, more: object = {}) => refund('posted', time, eur(5000), more);

function shown(...events: readonly ToldEvent[]) {
  const coverage = newCoverage();
  const ledger = ledgerAfter(...events);
  noteCoverage(
    coverage,
    ledger,
    ledger.payments.find(({ id }) => id === 'pay-1')!,
  );
  return coverage;
}

describe('what a provider’s feed has shown', () => {
  it('is a settlement or a posting, each from its first time on', () => {
    expect(shown(paid, ended('settled', '2026-06-03T10:00', 'pay-1'))).toEqual({
      posted: {},
      settled: { psp: at('2026-06-03T10:00') },
      version: 1,
    });
    expect(shown(paid, posted('2026-06-05T10:00'), posted('2026-06-04T10:00', { refundId: 'refund-2' }))).toEqual({
      posted: { psp: at('2026-06-04T10:00') },
      settled: {},
      version: 2,
    });
  });

  it.each([
    ['a payment without either', [paid]],
    ['another step of a refund', [paid, refund('succeeded', '2026-06-04T10:00', eur(5000))]],
    ['the refund of another payment', [paid, other, posted('2026-06-04T10:00', { paymentId: 'pay-2' })]],
    ['a payment whose provider is not told', [ended('settled', '2026-06-03T10:00', 'pay-1'), posted('2026-06-04T10:00')]],
  ])('is not seen in %s', (_what, events) => {
    expect(shown(...events)).toEqual(newCoverage());
  });

  it('is another version only where it is earlier than what was known', () => {
    const coverage = newCoverage();
    const note = (time: string) => {
      const ledger = ledgerAfter(paid, ended('settled', time, 'pay-1'));
      noteCoverage(coverage, ledger, ledger.payments[0]!);
      return coverage.version;
    };
    expect(['2026-06-03T10:00', '2026-06-03T10:00', '2026-06-04T10:00', '2026-06-02T10:00'].map(note)).toEqual([1, 1, 1, 2]);
    expect(coverage.settled).toEqual({ psp: at('2026-06-02T10:00') });
  });

  it('counts from its own instant on, and for no other provider', () => {
    const settled = { psp: 100 };
    expect([99, 100, 101].map((now) => shownBy(settled, 'psp', now))).toEqual([false, true, true]);
    expect(['other', '', 'constructor'].map((provider) => shownBy(settled, provider, 101))).toEqual([false, false, false]);
  });
});

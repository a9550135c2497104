import { days } from '#kernel/time';
import { compromisedMerchantDefaults, compromiseOf, type CompromisedMerchantSettings } from '#detection/compromised-merchant';
import { newScoreShared } from '#detection/score';
import { newMerchantScore } from '#detection/score-merchant';

const DAY = 20_000;
const at = days(DAY);

interface Known {
  readonly counts?: readonly (readonly [age: number, count: number, bad: number])[];
  readonly accounts?: number;
  readonly settled?: number;
  readonly blamed?: number;
  readonly settings?: Partial<CompromisedMerchantSettings>;
}
/** Of labels that come within a week; the newest fraud is of twenty days ago. */
function compromise({ counts = [[20, 10, 4]], accounts = 2, settled = 0, blamed = 0, settings = {} }: Known) {
  const merchant = newMerchantScore();
  for (const [age, count, bad] of counts) merchant.days.push({ day: DAY - age, count, bad });
  merchant.newestBadAt = at - days(20);
  for (let account = 0; account < accounts; account++)
    merchant.frauds.push({ paymentId: 'p', eventId: 'e', account, paidAt: at - days(20) });
  return compromiseOf(merchant, { ...newScoreShared(), settled, blamed }, at, { ...compromisedMerchantDefaults, ...settings });
}

describe('a merchant is compromised', () => {
  it('where so much of what it sold was fraud, against what is usual', () => {
    expect(compromise({})).toEqual({ frauds: 4, payments: 10, share: 0.4, usualShare: 0.005 });
    expect(compromise({ settled: 1_600, blamed: 18 })).toEqual({ frauds: 4, payments: 10, share: 0.4, usualShare: 0.01 });
  });

  it('from the number of frauds on, to the nearest whole', () => {
    const frauds = (bad: number) => compromise({ counts: [[20, 10, bad]] })?.frauds;
    expect([frauds(2.4), frauds(2.5), frauds(3)]).toEqual([undefined, 2.5, 3]);
    expect(compromise({ settings: { fraudsMin: 5 } })).toBeUndefined();
  });

  it('of two buyers at least', () => {
    expect([compromise({ accounts: 1 }), compromise({ accounts: 2 })?.frauds]).toEqual([undefined, 4]);
  });

  it('by so many times the usual share', () => {
    // Usual: (settled and blamed with 2 of 400) is 0.08, five times of which is 0.4.
    expect(compromise({ settled: 600, blamed: 78 })?.share).toBe(0.4);
    expect(compromise({ settled: 600, blamed: 79 })).toBeUndefined();
    expect(compromise({ settled: 600, blamed: 79, settings: { timesUsualMin: 4 } })?.share).toBe(0.4);
  });

  it('by the days from a month before its newest fraud on', () => {
    const older = (age: number) =>
      compromise({
        counts: [
          [age, 90, 1],
          [20, 10, 4],
        ],
      });
    expect([older(50)?.payments, older(51)?.payments, older(51)?.frauds]).toEqual([100, 10, 4]);
  });

  it('by payments whose labels have come, and at least its frauds', () => {
    const recent = (age: number) =>
      compromise({
        counts: [
          [20, 10, 4],
          [age, 50, 1],
        ],
      })?.payments;
    expect([recent(8), recent(7), recent(0)]).toEqual([60, 11, 11]);
    expect(compromise({ counts: [[20, 3, 4]] })?.share).toBe(1);
    expect(compromise({ counts: [], settings: { fraudsMin: 0, timesUsualMin: 0 } })).toMatchObject({ payments: 0, share: 0 });
  });
});

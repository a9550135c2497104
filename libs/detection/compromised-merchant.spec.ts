import { days } from '#kernel/time';
import { compromisedMerchantDefaults, compromiseOf, type CompromisedMerchantSettings } from '#detection/compromised-merchant';
import { newScoreShared } from '#detection/score';
import { newMerchantScore } from '#detection/score-merchant';

const DAY = 20_000;
const at = days(DAY);
/** On a platform that has hardly any fraud, chance explains none. */
const honest = { settled: 1_000_000 };

interface Known {
  readonly counts?: readonly (readonly [age: number, count: number, bad: number])[];
  readonly accounts?: number;
  /** Of each fraud. Default: each of another one. */
  readonly buyers?: readonly number[];
  readonly merchants?: number;
  readonly settled?: number;
  readonly blamed?: number;
  readonly settings?: Partial<CompromisedMerchantSettings>;
}
/** Of labels that come within a week; the newest fraud is of twenty days ago. */
function compromise({
  counts = [[20, 10, 4]],
  accounts = 2,
  buyers = Array.from({ length: accounts }, (_, account) => account),
  merchants = 0,
  settled = 0,
  blamed = 0,
  settings = {},
}: Known) {
  const merchant = newMerchantScore();
  for (const [age, count, bad] of counts) merchant.days.push({ day: DAY - age, count, bad });
  merchant.newestBadAt = at - days(20);
  for (const account of buyers) merchant.frauds.push({ paymentId: 'p', eventId: 'e', account, paidAt: at - days(20) });
  return compromiseOf(merchant, { ...newScoreShared(), merchants, settled, blamed }, at, {
    ...compromisedMerchantDefaults,
    ...settings,
  });
}

describe('a merchant is compromised', () => {
  it('where so much of what it sold was fraud, against what is usual', () => {
    expect(compromise({})).toMatchObject({ frauds: 4, payments: 10, share: 0.4, usualShare: 0.005 });
    expect(compromise({ settled: 1_600, blamed: 18 })).toMatchObject({ frauds: 4, payments: 10, share: 0.4, usualShare: 0.01 });
  });

  it('from the number of frauds on, to the nearest whole', () => {
    const frauds = (bad: number) => compromise({ ...honest, counts: [[20, 10, bad]] })?.frauds;
    expect([frauds(2.4), frauds(2.5), frauds(3)]).toEqual([undefined, 2.5, 3]);
    expect(compromise({ settings: { fraudsMin: 5 } })).toBeUndefined();
  });

  it('of two buyers at least', () => {
    expect([compromise({ accounts: 1 }), compromise({ accounts: 2 })?.frauds]).toEqual([undefined, 4]);
  });

  it('by so many times the usual share', () => {
    // Usual: (settled and blamed with 2 of 400) is 0.08, five times of which is 0.4.
    const many = [[20, 100, 40]] as const;
    expect(compromise({ counts: many, settled: 600, blamed: 78 })?.share).toBe(0.4);
    expect(compromise({ counts: many, settled: 600, blamed: 79 })).toBeUndefined();
    expect(compromise({ counts: many, settled: 600, blamed: 79, settings: { timesUsualMin: 4 } })?.share).toBe(0.4);
  });

  it('where chance would hardly bring it, however many times the usual share it is', () => {
    const usual = { settled: 1_000_000, blamed: 5_000, accounts: 3, settings: { chanceMax: 1 } };
    const [three, four, six] = [[[20, 60, 3]], [[20, 60, 4]], [[20, 60, 6]]] as const;
    expect([compromise({ ...usual, counts: three }), compromise({ ...usual, counts: four })?.frauds]).toEqual([undefined, 4]);
    expect(compromise({ ...usual, counts: four, settings: {} })).toBeUndefined();
    expect(compromise({ ...usual, counts: six, settings: {} })?.frauds).toBe(6);
    expect(compromise({ ...usual, counts: six, settings: {}, merchants: 200 })).toBeUndefined();
  });

  it('by the surprise that is left of the binomial tail when each merchant is looked at, with each fraud and since each day', () => {
    const known = { settled: 1_000_000 - 400, blamed: 10_000 - 2, counts: [[20, 100, 20]], accounts: 10 } as const;
    const expected = 0.01 + Math.sqrt((0.01 * 0.99) / 1_000_000);
    const tail = (20 * Math.log(0.2 / expected) + 80 * Math.log(0.8 / (1 - expected))) / Math.LN10;
    expect(compromise(known)?.surprise).toBeCloseTo(tail - Math.log10(20 * 31), 9);
    expect(compromise({ ...known, merchants: 1_000 })?.surprise).toBeCloseTo(tail - Math.log10(1_000 * 20 * 31), 9);
    expect(compromise({ ...known, settings: { windowMs: days(9) } })?.surprise).toBeCloseTo(tail - Math.log10(20 * 10), 9);
  });

  it('by its most surprising days: what was clean before and after them makes them no likelier', () => {
    const alone = compromise({ counts: [[20, 4, 4]] });
    const around = [
      [40, 30, 0],
      [20, 4, 4],
      [10, 30, 0],
    ] as const;
    expect(compromise({ counts: around })).toMatchObject({ payments: 64, surprise: alone?.surprise });
    expect(alone?.surprise).toBeGreaterThan(3);
  });

  it('by frauds that are independent: those of one buyer count once', () => {
    const counts = [[20, 60, 6]] as const;
    expect(compromise({ ...honest, blamed: 5_000, counts, buyers: [0, 1, 0, 1, 0, 1, 0, 1] })).toBeUndefined();
    expect(compromise({ ...honest, blamed: 5_000, counts, buyers: [0, 1, 2, 3, 4, 5] })?.frauds).toBe(6);
  });

  it('by the days from a month before its newest fraud on', () => {
    const older = (age: number) =>
      compromise({
        ...honest,
        counts: [
          [age, 90, 1],
          [20, 10, 7],
        ],
      });
    expect([older(50)?.payments, older(51)?.payments, older(51)?.frauds]).toEqual([100, 10, 7]);
  });

  it('by payments whose labels have come, and at least its frauds', () => {
    const recent = (age: number) =>
      compromise({
        ...honest,
        counts: [
          [20, 10, 4],
          [age, 50, 1],
        ],
      })?.payments;
    expect([recent(8), recent(7), recent(0)]).toEqual([60, 11, 11]);
    expect(compromise({ counts: [[20, 3, 4]] })?.share).toBe(1);
  });
});

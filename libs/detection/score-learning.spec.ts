import { days, hours } from '#kernel/time';
import { learnFraud, newScoreShared, notePayment, type ScoredPayment } from '#detection/score';
import { newMerchantScore, type MerchantScore } from '#detection/score-merchant';
import { scoreModel } from '#detection/score-model';
import type { SpendSignals } from '#detection/spend-signals';

const START = Date.UTC(2026, 0, 5);
const USUAL: SpendSignals = [40, 5_000, 900, 0, 0, 0, 0, 0];
const payment = (paymentId: string, at: number, minor = 5_000, signals = USUAL, currency = 'EUR'): ScoredPayment => ({
  paymentId,
  minor,
  currency,
  at,
  signals,
});

describe('what the model sees of a payment', () => {
  const NINE = START + hours(9);
  const seen = (merchant: MerchantScore, minor: number, signals: SpendSignals) =>
    notePayment(merchant, newScoreShared(), payment('p', NINE, minor, signals));
  /** An amount that is usual lies at zero, or by a rounding error below it. */
  const values = (unusual: number, merchantAmount: number, [day, week, activity, labels]: readonly number[] = [0, 0, 0, 0]) =>
    scoreModel.placesOf([0, 0, unusual, unusual, day!, week!, activity!, labels!, 0, 0, 30, 0, 0, merchantAmount, 9]);

  it('of which nothing is known is what the buyer’s side says, and the hour', () => {
    expect(seen(newMerchantScore(), 5_000, [0, 0, 0, 1, 2, 0.5, 3, 0])).toEqual(values(-1e-9, 0, [1, 2, 0.5, 3]));
  });

  it('is how far it lies above the buyer’s usual, which is the currency’s as if three payments said so', () => {
    // Usual (3 · 1000 + 3 · 3000) / 6 = 2000, its width (3 · 100 + 3 · 1000) / 6 = 550, with the prior's 730.
    expect(seen(newMerchantScore(), 3_000, [3, 1_000, 100, 0, 0, 0, 0, 0])).toEqual(values(1_000 / 730, 0));
  });

  it('is how far it lies above what the merchant takes', () => {
    const at = (n: number, mean: number, deviation: number) =>
      seen({ ...newMerchantScore(), amounts: { n, mean, deviation } }, 5_000, [0, 0, 0, 0, 0, 0, 0, 0]);
    // 0 against (3 · 1) / 6, as wide as (3 · 0.2 + 3 · 0.6) / 6.
    expect(at(3, 1, 0.2)).toEqual(values(-1e-9, -0.5 / 0.4));
    expect(at(97, -0.05, 0)).toEqual(values(-1e-9, 0.0485 / 0.1));
  });
});

describe('what is learnt of a merchant and of what all have in common', () => {
  it('is each payment once, on its day, in its currency, of which six have a scale of their own', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    ['EUR', 'USD', 'JPY', 'GBP', 'KWD', 'CHF', 'SEK', 'NOK', 'EUR', 'SEK'].forEach((currency, n) =>
      notePayment(merchant, shared, payment(`p-${n}`, START + hours(6 * n), 1_000, USUAL, currency)),
    );
    expect(merchant.days.map(({ count }) => count)).toEqual([4, 4, 2]);
    expect([...shared.scales].map(([currency, { histogram }]) => [currency, histogram.total])).toEqual([
      ...[
        ['EUR', 2],
        ['USD', 1],
        ['JPY', 1],
        ['GBP', 1],
        ['KWD', 1],
        ['CHF', 1],
        ['', 3],
      ],
    ]);
    expect(merchant.amounts.n).toBe(10);
    expect(merchant.pending.examples).toHaveLength(10);
  });

  it('is nothing of a capture whose authorisation was not kept', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    notePayment(merchant, shared, payment('p', START, 1_000, [40, 5_000, 900, 0, 0, 0, 0, 1]));
    expect([merchant, shared]).toEqual([newMerchantScore(), newScoreShared()]);
  });

  it('are a merchant’s usual amount and its width to 1/1024', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    for (let n = 0; n < 30; n++) notePayment(merchant, shared, payment(`p-${n}`, START + n, 1_000 + 37 * n));
    for (const value of [merchant.amounts.mean, merchant.amounts.deviation]) {
      expect(value).not.toBe(0);
      expect(Number.isInteger(value * 1_024)).toBe(true);
    }
  });

  it('are payments that stayed silent for as long as labels take, once there was a label', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    notePayment(merchant, shared, payment('p-1', START));
    // Within a week and a day, as long as no label came; it says nothing without one.
    notePayment(merchant, shared, payment('p-2', START + days(8) - 1));
    expect(merchant.pending.examples).toHaveLength(2);
    notePayment(merchant, shared, payment('p-3', START + days(8)));
    expect(merchant.pending.examples).toHaveLength(2);
    expect([shared.settled, shared.model]).toEqual([0, scoreModel.newState()]);
    learnFraud(merchant, shared, payment('p-3', START + days(9)), START + days(8));
    expect([shared.labels, shared.settled, merchant.pending.examples.length]).toEqual([1, 1, 1]);
    const before = shared.model.weights[0]!;
    notePayment(merchant, shared, payment('p-4', START + days(40)));
    expect([shared.settled, shared.model.weights[0]! < before]).toEqual([2, true]);
  });

  it('is a label with the time it took, none below zero, and the blame', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    const blame = learnFraud(merchant, shared, payment('p-1', START + days(3)), START);
    learnFraud(merchant, shared, payment('p-2', START), START + days(3));
    expect([shared.lag.counts[0], shared.lag.counts[3], shared.settled]).toEqual([1, 1, 2]);
    expect(blame).toBeGreaterThan(0.9);
    expect(Number.isInteger(blame * 1_024)).toBe(true);
    expect(shared.blamed).toBeGreaterThan(blame);
  });

  it('blames a merchant for all that the chance of its payment, without the merchant’s own labels, leaves', () => {
    const [merchant, marked] = [newMerchantScore(), newMerchantScore()];
    // A fraud yesterday: the merchant's part of the prior.
    Object.assign(marked, { firstBadAt: START - days(8), newestBadAt: START - days(1) });
    marked.days.push({ day: START / days(1) - 1, count: 1, bad: 1 });
    // With nothing unusual the chance is that of the base, 1 in 404.
    const blame = Math.round((1 - 1 / (1 + Math.exp(6))) * 1_024) / 1_024;
    expect(learnFraud(merchant, newScoreShared(), payment('p-1', START + days(3)), START)).toBe(blame);
    expect(learnFraud(marked, newScoreShared(), payment('p-1', START + days(3)), START)).toBe(blame);
  });

  it('is the same of a payment that was not kept, as seen at its own time', () => {
    const [kept, forgotten] = [newScoreShared(), newScoreShared()];
    const merchant = newMerchantScore();
    notePayment(merchant, kept, payment('p-1', START + hours(3)));
    learnFraud(merchant, kept, payment('p-1', START + days(5) + hours(14)), START + hours(3));
    learnFraud(newMerchantScore(), forgotten, payment('p-1', START + days(5) + hours(14)), START + hours(3));
    expect(forgotten.model).toEqual(kept.model);
    expect(merchant.pending.examples).toEqual([]);
  });

  it('is nothing more of what the others told, at a step of a payment that was scored before', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    const seen = notePayment(merchant, shared, payment('p-1', START));
    learnFraud(merchant, shared, payment('p-0', START + days(1)), START);
    const before = structuredClone([merchant, shared]);
    const later = START + days(60) + hours(7);
    expect(notePayment(merchant, shared, payment('p-1', later, 5_000, [40, 5_000, 900, 0, 0, 0, 0, 1]))).toEqual(seen);
    expect([merchant, shared]).toEqual(before);
  });

  it('is a payment of which its account had forgotten the first step, once more', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    for (const minor of [5_000, 9_000]) notePayment(merchant, shared, payment('p-1', START, minor));
    expect([merchant.days[0]!.count, merchant.amounts.n, shared.scales.get('EUR')!.histogram.total]).toEqual([2, 2, 2]);
  });

  it('is double of a payment that was kept as one of two, and a merchant’s amounts are the newest hundred', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    for (let n = 0; n < 101; n++) notePayment(merchant, shared, payment(`p-${n}`, START + n));
    expect([merchant.amounts.n, merchant.pending.thinned]).toEqual([100, 2]);
    merchant.pending.examples.splice(12);
    shared.labels = 1;
    notePayment(merchant, shared, payment('late', START + days(30)));
    // Fewer than twelve are left after the first: four, two, and then one each.
    expect([shared.settled, shared.blamed]).toEqual([4 + 2 + 10, 0]);
  });

  it('is no day that is older than those kept', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    for (const day of [60, 0]) notePayment(merchant, shared, payment(`p-${day}`, START + days(day)));
    expect(merchant.days).toHaveLength(1);
    expect(merchant.amounts.n).toBe(2);
  });

  it('counts half after a hundred thousand payments', () => {
    const [merchant, shared] = [newMerchantScore(), newScoreShared()];
    Object.assign(shared, { settled: 99_998, blamed: 10 });
    learnFraud(merchant, shared, payment('p-1', START), START);
    expect(shared.settled).toBe(99_999);
    learnFraud(merchant, shared, payment('p-2', START), START);
    expect(shared.settled).toBe(50_000);
    expect(shared.blamed).toBeLessThan(6.1);
  });
});

import { days, hours } from '#kernel/time';
import { compromisedMerchantDefaults, compromiseOf } from '#detection/compromised-merchant';
import type { SpendSignals } from '#detection/spend-signals';
import { learnFraud, newScoreShared, notePayment, type ScoredPayment, type ScoreShared } from '#detection/score';
import { newMerchantScore, type MerchantScore } from '#detection/score-merchant';
import { scoreModel } from '#detection/score-model';
import { packMerchantScore, packScoreShared, unpackMerchantScore, unpackScoreShared } from '#detection/score-text';

const START = Date.UTC(2026, 0, 5);
const USUAL: SpendSignals = [40, 5_000, 900, 0, 0, 0, 0, 0];
const parts = new Float64Array(scoreModel.parts.length);
const scorePayment = (merchant: MerchantScore, shared: ScoreShared, of: ScoredPayment, into: Float64Array) =>
  scoreModel.logOdds(shared.model, notePayment(merchant, shared, of), into);
const payment = (paymentId: string, at: number, minor = 5_000, signals = USUAL, currency = 'EUR'): ScoredPayment => ({
  paymentId,
  minor,
  currency,
  at,
  signals,
});

/** Amounts from 20 to 90, one a day at each of twenty merchants for `count` days. */
function usualPlatform(count: number, onDay: (day: number, merchant: MerchantScore, shared: ScoreShared) => void = () => {}) {
  const shared = newScoreShared();
  const merchants: MerchantScore[] = Array.from({ length: 20 }, newMerchantScore);
  for (let day = 0; day < count; day++) {
    onDay(day, merchants[0] as MerchantScore, shared);
    merchants.forEach((merchant, of) => {
      const minor = 2_000 + ((day * 13 + of * 29) % 71) * 100;
      scorePayment(merchant, shared, payment(`u-${of}-${day}`, START + days(day) + hours(of), minor), parts);
    });
  }
  return { shared, merchants };
}
const scoreOf = (merchant: MerchantScore, shared: ScoreShared, of: ScoredPayment) =>
  scorePayment(structuredClone(merchant), structuredClone(shared), of, parts);

describe('with no label ever seen', () => {
  const { shared, merchants } = usualPlatform(60);
  const at = START + days(60);

  it('nothing is learnt from silence', () => {
    expect(shared.model).toEqual(scoreModel.newState());
  });

  it('an amount far above the buyer’s own scores higher than a usual one, and higher still after others like it', () => {
    const usual = scoreOf(merchants[0]!, shared, payment('a', at));
    const far = scoreOf(merchants[0]!, shared, payment('a', at, 25_000));
    const again = scoreOf(merchants[0]!, shared, payment('a', at, 25_000, [40, 5_000, 900, 2, 2, 0, 0, 0]));
    expect(far).toBeGreaterThan(usual + 3);
    expect(again).toBeGreaterThan(far + 1);
  });

  it('a currency never seen before scores as little as a usual payment', () => {
    const strange = scoreOf(merchants[0]!, shared, payment('a', at, 700_000, [0, 0, 0, 0, 0, 0, 0, 0], 'JPY'));
    expect(strange).toBeLessThan(-2);
  });

  it('no amount breaks it', () => {
    for (const minor of [0, 1, Number.MAX_SAFE_INTEGER])
      expect(Number.isFinite(scoreOf(merchants[0]!, shared, payment('a', at, minor)))).toBe(true);
  });
});

describe('a merchant whose payments are charged back seven days later', () => {
  const blames: number[] = [];
  const { shared, merchants } = usualPlatform(44, (day, merchant, of) => {
    if (day < 38 || day > 41) return;
    const label = payment(`u-0-${day - 7}`, START + days(day));
    blames.push(learnFraud(merchant, of, label, START + days(day - 7)));
    merchant.frauds.push({ paymentId: label.paymentId, eventId: '', account: day, paidAt: label.at });
  });
  const [bad, good] = merchants as [MerchantScore, MerchantScore];
  const at = START + days(44);
  const prior = scoreOf(newMerchantScore(), newScoreShared(), payment('next', at));

  it('is blamed for payments that were usual for their buyers', () => {
    expect(blames).toHaveLength(4);
    for (const blame of blames) expect(blame).toBeGreaterThan(0.8);
  });

  it('scores higher from then on, others do not', () => {
    expect(scoreOf(bad, shared, payment('next', at))).toBeGreaterThan(prior + 4);
    expect(scoreOf(good, shared, payment('next', at))).toBeLessThan(prior + 2.5);
  });

  it('is compromised, others are not', () => {
    expect(compromiseOf(bad, shared, at, compromisedMerchantDefaults)?.frauds).toBeCloseTo(4, 0);
    expect(compromiseOf(good, shared, at, compromisedMerchantDefaults)).toBeUndefined();
  });

  it('is not blamed for what its buyer’s own past explains', () => {
    const buyer: SpendSignals = [40, 5_000, 900, 3, 4, 0, 2, 0];
    scorePayment(good, shared, payment('far', at, 60_000, buyer), parts);
    expect(learnFraud(good, shared, payment('far', at + days(7), 60_000, buyer), at)).toBeLessThan(0.6);
  });
});

it('a label of a payment that is not kept teaches too', () => {
  const { shared, merchants } = usualPlatform(40);
  const before = scoreModel.encode(shared.model);
  learnFraud(merchants[0]!, shared, payment('long-ago', START + days(40), 90_000), START - days(60));
  expect(scoreModel.encode(shared.model)).not.toBe(before);
});

it('a capture of a scored authorisation is scored by what was known then, and counts once', () => {
  const { shared, merchants } = usualPlatform(20);
  const [merchant] = merchants as [MerchantScore];
  const at = START + days(20);
  const first = scorePayment(merchant, shared, payment('p', at, 25_000), parts);
  const stored = JSON.stringify([packMerchantScore(merchant), packScoreShared(shared)]);
  const second = scorePayment(merchant, shared, payment('p', at + hours(1), 25_000, [40, 5_000, 900, 1, 1, 1, 0, 1]), parts);
  expect(second).toBe(first);
  expect(JSON.stringify([packMerchantScore(merchant), packScoreShared(shared)])).toBe(stored);
});

it('goes on from a stored state as if it had never stopped', () => {
  const { shared, merchants } = usualPlatform(40);
  for (let day = 20; day < 33; day++)
    learnFraud(merchants[day % 3]!, shared, payment(`u-${day % 3}-${day}`, START + days(day + 7)), START + days(day));
  const through = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
  const stored = unpackScoreShared(through(packScoreShared(shared)));
  for (const [of, merchant] of merchants.entries()) {
    const restored = unpackMerchantScore(through(packMerchantScore(merchant)));
    for (let day = 41; day < 50; day++) {
      const next = payment(`n-${of}-${day}`, START + days(day), 3_000 + day * 100);
      expect(scorePayment(restored, stored, next, parts)).toBe(scorePayment(merchant, shared, next, parts));
    }
  }
});

it('a merchant of thousands of payments a day stays below 6 KB, the shared state below 32 KB', () => {
  const shared = newScoreShared();
  const merchant = newMerchantScore();
  for (let at = 0; at < 12_000; at++)
    scorePayment(
      merchant,
      shared,
      payment(`p-${at}`, START + at * 300_000, 100 + ((at * 7_919) % 20_000), USUAL, `C${at % 9}`),
      parts,
    );
  expect(JSON.stringify(packMerchantScore(merchant)).length).toBeLessThan(6_144);
  expect(JSON.stringify(packScoreShared(shared)).length).toBeLessThan(32_768);
});

import { newScoreShared } from '#detection/score';
import { newMerchantScore } from '#detection/score-merchant';
import { scoreModel } from '#detection/score-model';
import { packMerchantScore, packScoreShared, unpackMerchantScore, unpackScoreShared } from '#detection/score-text';
import { countAmount, newAmountScale } from '#detection/statistics/amount-scale';
import { noteLag } from '#detection/statistics/label-lag';

const through = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
const merchantOf = (more: object = {}) => ({ ...newMerchantScore(), ...more });

it('a merchant of whom nothing is known is the same from its text', () => {
  expect(unpackMerchantScore(through(packMerchantScore(newMerchantScore())))).toEqual(newMerchantScore());
});

it('a merchant is the same from its text, each of its parts', () => {
  const merchant = merchantOf({
    amounts: { n: 3, mean: 0.5, deviation: 0.25 },
    days: [
      { day: 20_000, count: 7, bad: 0 },
      { day: 20_001, count: 1, bad: 0.5 },
    ],
    firstBadAt: 5,
    newestBadAt: 9,
    pending: { examples: [{ mark: -7, at: 11, places: [0, 63, 64, 4_095, 2_752] }], thinned: 2 },
    frauds: [{ paymentId: 'p-1', eventId: 'e-1', account: 77, paidAt: 13 }],
    told: { bad: 2.5, at: 1, from: 2, until: 3 },
  });
  expect(unpackMerchantScore(through(packMerchantScore(merchant)))).toEqual(merchant);
});

it('an example is two letters for each of its places', () => {
  const { pending } = merchantOf({ pending: { examples: [{ mark: 1, at: 2, places: [0, 1, 64, 4_095] }], thinned: 0 } });
  const cells = packMerchantScore(merchantOf({ pending })) as readonly unknown[];
  expect(cells[5]).toEqual([[1, 2, '000110oo']]);
});

it('what merchants share is the same from its text, its currencies in one order', () => {
  const shared = { ...newScoreShared(), labels: 3, settled: 40.5, blamed: 2.25, merchants: 7 };
  for (const currency of ['USD', 'EUR', 'JPY']) {
    const scale = newAmountScale();
    for (let at = 0; at < 30; at++) countAmount(scale, 100 + at * currency.charCodeAt(0));
    shared.scales.set(currency, scale);
  }
  noteLag(shared.lag, 86_400_000 * 3);
  scoreModel.learn(shared.model, scoreModel.placesOf(Array<number>(15).fill(1)), 1, 1);
  const stored = unpackScoreShared(through(packScoreShared(shared)));
  expect({ ...stored, scales: undefined }).toEqual({ ...shared, scales: undefined });
  expect([...stored.scales.keys()]).toEqual(['EUR', 'JPY', 'USD']);
  for (const [currency, scale] of shared.scales) expect(stored.scales.get(currency)).toEqual(scale);
});

import { quantileSorted } from 'simple-statistics';
import { countAmount, newAmountScale, placeOnScale, readAmountScale, writeAmountScale } from '#detection/statistics/amount-scale';

/** Log-normal amounts, from a sequence that fills the unit interval evenly. */
const amounts = Array.from({ length: 3_000 }, (_, at) => {
  const [one, other] = [((at + 1) * 0.618_033_988_749) % 1, ((at + 1) * 0.754_877_666) % 1];
  return Math.round(3_000 * Math.exp(0.7 * Math.sqrt(-2 * Math.log(one || 1e-9)) * Math.cos(2 * Math.PI * other)));
});
const scaleOf = (values: readonly number[]) => {
  const scale = newAmountScale();
  for (const value of values) countAmount(scale, value);
  return scale;
};

it('the median lies at 0 and the 95th percentile at 1, as the sorted sample has them, to a twentieth', () => {
  const scale = scaleOf(amounts);
  const sorted = [...amounts].sort((left, right) => left - right);
  expect(placeOnScale(scale, quantileSorted(sorted, 0.5))).toBeCloseTo(0, 1);
  expect(Math.abs(placeOnScale(scale, quantileSorted(sorted, 0.95)) - 1)).toBeLessThan(0.05);
});

it('the unit of a currency makes no difference: yen in hundreds of cents have the same places', () => {
  const [cents, whole] = [scaleOf(amounts.map((amount) => amount * 128)), scaleOf(amounts)];
  for (const amount of amounts.slice(0, 50))
    expect(placeOnScale(cents, amount * 128)).toBeCloseTo(placeOnScale(whole, amount), 6);
});

it('an amount of zero has a place', () => {
  const scale = scaleOf([0, 0, 5]);
  expect(Number.isFinite(placeOnScale(scale, 0))).toBe(true);
});

it('is the same after it was stored, and its text stays below 8 KB', () => {
  const scale = scaleOf(amounts);
  const text = JSON.stringify(writeAmountScale(scale));
  expect(readAmountScale(JSON.parse(text))).toEqual(scale);
  expect(text.length).toBeLessThan(8_192);
});

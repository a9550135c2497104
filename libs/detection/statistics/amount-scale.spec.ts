import { quantileSorted } from 'simple-statistics';
import {
  countAmount,
  newAmountScale,
  placeOnScale,
  readAmountScale,
  typicalAmount,
  writeAmountScale,
} from '#detection/statistics/amount-scale';

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

it('says nothing of a currency of which nothing is known, and the more the more is known', () => {
  const scale = newAmountScale();
  expect(placeOnScale(scale, 70_000)).toBe(0);
  expect(typicalAmount(scale, 70_000)).toBeCloseTo(70_000, 6);
  for (let at = 0; at < 4; at++) countAmount(scale, 1_024);
  // A quarter of the sixteen that are needed; until then one spread is a factor of three.
  expect(placeOnScale(scale, 2_048)).toBeCloseTo((0.25 * Math.LN2) / 1.1, 9);
  expect(typicalAmount(scale, 4_096)).toBeCloseTo(2 ** (10 * 0.25 + 12 * 0.75), 6);
  for (let at = 0; at < 12; at++) countAmount(scale, 1_024);
  expect(typicalAmount(scale, 4_096)).toBeCloseTo(1_024, 6);
});

it('amounts that are all alike differ by three tenths', () => {
  expect(scaleOf(Array<number>(20).fill(1_024)).spread).toBe(0.3);
  expect(scaleOf(Array<number>(15).fill(1_024)).spread).toBe(1.1);
  expect(placeOnScale(scaleOf(Array<number>(20).fill(1_024)), 2_048)).toBeCloseTo(Math.LN2 / 0.3, 9);
});

it('looks at its quantiles again a tenth later each time, and forgets half after a hundred thousand', () => {
  const scale = scaleOf(Array<number>(20).fill(1_024));
  const looks: number[] = [];
  for (let at = 20; at < 40; at++) {
    if (looks.at(-1) !== scale.nextLook) looks.push(scale.nextLook);
    countAmount(scale, 4_096);
  }
  expect(looks).toEqual([21, 24, 27, 30, 33, 37, 41]);
  // Looked at last when seventeen of thirty-seven were 4,096.
  expect(scale.median).toBeCloseTo(Math.log(1_024), 9);
  countAmount(scale, 4_096);
  Object.assign(scale.histogram, { weights: scale.histogram.weights.map((weight) => weight * 2_500), total: 99_999 });
  scale.nextLook = 100_000;
  countAmount(scale, 4_096);
  expect(scale.histogram.total).toBeLessThan(60_000);
  expect(scale.median).toBeCloseTo(Math.log(4_096), 9);
});

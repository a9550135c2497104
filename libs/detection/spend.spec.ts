import { days, hours } from '#kernel/time';
import { spendSignals } from '#detection/spend-signals';
import { newSpend, noteLabel, noteSpend, readSpend, spendIn, unusualBy, writeSpend } from '#detection/spend';

const START = Date.UTC(2026, 0, 5);
/** Every 12 hours an amount from 40 to 60. */
const usualBuyer = (payments = 40) => {
  const spend = newSpend();
  for (let at = 0; at < payments; at++) noteSpend(spend, 4_000 + ((at * 8) % 21) * 100, 'EUR', START + at * hours(12));
  return spend;
};
const afterAll = START + 40 * hours(12);

it('the usual is the mean of the amounts and their mean distance from it', () => {
  const usual = spendIn(usualBuyer(), 'EUR');
  expect(usual?.mean).toBeCloseTo(5_000, -3);
  expect(usual?.deviation).toBeGreaterThan(400);
  expect(usual?.deviation).toBeLessThan(650);
});

it('five times the usual is far out, the usual itself is not', () => {
  const usual = spendIn(usualBuyer(), 'EUR');
  expect(unusualBy(usual, 25_000)).toBeGreaterThan(10);
  expect(Math.abs(unusualBy(usual, 5_200))).toBeLessThan(1);
  expect(unusualBy(undefined, 5_200)).toBeNaN();
});

it('what looks like somebody else hardly changes the usual; a buyer whose life changed becomes usual again', () => {
  const spend = usualBuyer();
  for (let at = 0; at < 3; at++) noteSpend(spend, 90_000, 'EUR', afterAll + at * hours(1));
  expect(spendIn(spend, 'EUR')?.mean).toBeLessThan(6_000);
  for (let at = 0; at < 400; at++) noteSpend(spend, 15_000, 'EUR', afterAll + days(1) + at * hours(12));
  expect(unusualBy(spendIn(spend, 'EUR'), 15_000)).toBeLessThan(2.5);
});

it('a payment is not known to its own signals', () => {
  const spend = usualBuyer();
  const before = spendSignals(spend, 'EUR', afterAll, false);
  noteSpend(spend, 90_000, 'EUR', afterAll);
  const next = spendSignals(spend, 'EUR', afterAll, false);
  expect(before[3]).toBe(0);
  expect(next[3]).toBe(1);
});

it('unusual payments fade by half in twelve hours, and in seven days', () => {
  const spend = usualBuyer();
  noteSpend(spend, 90_000, 'EUR', afterAll);
  const [, , , day, week] = spendSignals(spend, 'EUR', afterAll + hours(12), false);
  expect(day).toBeCloseTo(0.5, 1);
  expect(week).toBeCloseTo(2 ** (-0.5 / 7), 1);
});

it('many payments in an hour are more than usual; one after the usual pause is not', () => {
  const spend = usualBuyer();
  expect(spendSignals(spend, 'EUR', afterAll, false)[5]).toBeLessThan(0.5);
  for (let at = 0; at < 10; at++) noteSpend(spend, 5_000, 'EUR', afterAll + at * 60_000);
  expect(spendSignals(spend, 'EUR', afterAll + hours(1), false)[5]).toBeGreaterThan(1.5);
});

it('amounts of another currency are another usual; the least recently used of four goes', () => {
  const spend = usualBuyer();
  noteSpend(spend, 800_000, 'JPY', afterAll);
  expect(spend.unusualDay).toBe(0);
  expect(spendIn(spend, 'EUR')?.mean).toBeCloseTo(5_000, -3);
  noteSpend(spend, 1_000, 'USD', afterAll);
  noteSpend(spend, 1_000, 'GBP', afterAll);
  expect(spendIn(spend, 'EUR')).toBeUndefined();
  expect(spendIn(spend, 'JPY')?.mean).toBe(800_000);
});

it('a chargeback counts as the buyer’s as far as its amount was unusual', () => {
  const spend = usualBuyer();
  noteLabel(spend, 5_000, 'EUR', afterAll);
  expect(spend.labelled).toBe(0);
  noteLabel(spend, 90_000, 'EUR', afterAll);
  expect(spend.labelled).toBe(1);
  expect(spendSignals(spend, 'EUR', afterAll + days(14), false)[6]).toBe(0.5);
});

it('is the same after it was stored, in at most 300 characters', () => {
  const spend = usualBuyer();
  noteSpend(spend, 123_456, 'JPY', afterAll);
  noteSpend(spend, 123_456, 'USD', afterAll);
  noteLabel(spend, 90_000, 'EUR', afterAll);
  const text = JSON.stringify(writeSpend(spend));
  expect(readSpend(JSON.parse(text))).toEqual(spend);
  expect(text.length).toBeLessThan(300);
});

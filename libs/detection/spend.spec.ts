import { days, hours } from '#kernel/time';
import { spendSignals } from '#detection/spend-signals';
import { newSpend, noteLabel, noteSpend, readSpend, spendIn, unusualBy, unusualness, writeSpend } from '#detection/spend';

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

it('is unusual by the deviations that four payments of half the mean say as well', () => {
  const by = (n: number, mean: number, deviation: number, minor: number) => unusualBy({ n, mean, deviation }, minor);
  expect(by(4, 1_000, 100, 1_600)).toBe(2);
  expect(by(4, 1_000, 100, 400)).toBe(-2);
  // Never narrower than a twentieth of the mean, nor than one minor unit.
  expect(by(396, 1_000, 0, 1_100)).toBe(2);
  expect(by(96, 4, 0, 6)).toBe(2);
  expect(by(0, 0, 0, 600)).toBeNaN();
});

it('is usual up to two and a half deviations and most unusual from five on', () => {
  expect([0, 2.5, 3.75, 5, 50, NaN].map(unusualness)).toEqual([0, 0, 0.5, 1, 1, 0]);
});

it('pauses between payments are averaged, each up to thirty days, those told late left out', () => {
  const spend = newSpend();
  const pay = (at: number) => {
    noteSpend(spend, 1_000, 'EUR', START + at);
    const { recent, gapHours, payments, lastAt } = spend;
    return { recent, gapHours, payments, lastAt: lastAt - START };
  };
  expect(pay(0)).toEqual({ recent: 1, gapHours: 0, payments: 1, lastAt: 0 });
  expect(pay(hours(6))).toEqual({ recent: 1.5, gapHours: 6, payments: 2, lastAt: hours(6) });
  expect(pay(hours(18))).toEqual({ recent: 1.375, gapHours: 9, payments: 3, lastAt: hours(18) });
  expect(pay(hours(12))).toEqual({ recent: 2.375, gapHours: 9, payments: 4, lastAt: hours(18) });
  expect(pay(hours(18) + days(60))).toMatchObject({ gapHours: 186.75, payments: 5 });
  expect(pay(hours(18) + days(60))).toMatchObject({ gapHours: 149.40625, payments: 6 });
});

it('a payment counts as it is usual, the most unusual a fiftieth; the count ends at sixty', () => {
  const one = newSpend();
  noteSpend(one, 1_000, 'EUR', START);
  noteSpend(one, 100_000, 'EUR', START);
  expect(one).toMatchObject({ unusualDay: 1, unusualWeek: 1 });
  expect(spendIn(one, 'EUR')?.n).toBe(1.015625);
  const many = usualBuyer(70);
  expect(many.payments).toBe(60);
  expect(spendIn(many, 'EUR')?.n).toBe(60);
});

it('what was unusual fades from payment to payment', () => {
  const spend = newSpend();
  noteSpend(spend, 1_000, 'EUR', START);
  noteSpend(spend, 100_000, 'EUR', START);
  noteSpend(spend, 1_000, 'EUR', START + hours(12));
  expect(spend).toMatchObject({ unusualDay: 0.5, unusualWeek: 0.953125 });
});

it('chargebacks fade by half in fourteen days, and one told late does not turn back the time', () => {
  const spend = usualBuyer();
  const label = (at: number) => {
    noteLabel(spend, 90_000, 'EUR', afterAll + at);
    return [spend.labelled, spend.labelledAt - afterAll];
  };
  expect(label(0)).toEqual([1, 0]);
  expect(label(days(14))).toEqual([1.5, days(14)]);
  expect(label(days(1))).toEqual([2.5, days(14)]);
});

it('a currency that is used again is the last to go', () => {
  const spend = newSpend();
  const known = () => spend.currencies.map(({ currency }) => currency);
  for (const currency of ['EUR', 'JPY', 'USD', 'EUR']) noteSpend(spend, 1_000, currency, START);
  expect(known()).toEqual(['JPY', 'USD', 'EUR']);
  noteSpend(spend, 1_000, 'GBP', START);
  expect(known()).toEqual(['USD', 'EUR', 'GBP']);
  expect(spendIn(spend, 'EUR')?.n).toBe(2);
});

it('an account of which nothing was stored is a new one', () => {
  expect(readSpend([])).toEqual(newSpend());
  expect(readSpend(writeSpend(newSpend()))).toEqual(newSpend());
});

it.each([
  ['of two', ['EUR', 'JPY', 'EUR'], ['JPY', 'EUR']],
  ['in the middle of three', ['EUR', 'JPY', 'USD', 'JPY'], ['EUR', 'USD', 'JPY']],
])('a currency %s that is used again is held once', (_what, used, held) => {
  const spend = newSpend();
  for (const currency of used) noteSpend(spend, 1_000, currency, START);
  expect(spend.currencies.map(({ currency }) => currency)).toEqual(held);
  expect(spendIn(spend, held.at(-1)!)?.n).toBe(2);
});

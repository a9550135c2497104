import { days, hours, NEVER, type InstantMs } from '#kernel/time';
import {
  closePrices,
  countPrice,
  hourAt,
  learnOldHours,
  newMerchant,
  packMerchant,
  unpackMerchant,
  type MerchantHour,
  type MerchantRecord,
} from '#detection/merchant-record';

const START = Date.UTC(2026, 2, 2);
/** An hour that closed with these counts and is a week old now. */
const closed = (record: MerchantRecord, start: InstantMs, counts: Partial<MerchantHour['counts']> = {}): MerchantHour => {
  const hour = hourAt(record, start, -NEVER)!;
  record.growing.shift();
  record.recent.push(hour);
  Object.assign(hour.counts, counts);
  return hour;
};
const pricesOf = (
  record: MerchantRecord,
  start: InstantMs,
  ...prices: readonly [currency: string, minor: number, times: number][]
) => {
  const hour = hourAt(record, start, -NEVER)!;
  for (const [currency, minor, times] of prices) for (let at = 0; at < times; at++) countPrice(hour, currency, minor);
  closePrices(record, hour);
  return hour;
};

describe('the hour of an event', () => {
  it('is one that grows, by time, from its start to its end', () => {
    const record = newMerchant();
    const later = hourAt(record, START + hours(2), START);
    const hour = hourAt(record, START + 5, START);
    expect(hour).toMatchObject({ start: START, capturedAt: -NEVER });
    expect(hourAt(record, START + hours(1) - 1, START)).toBe(hour);
    expect(hourAt(record, START + hours(1), START)).not.toBe(hour);
    expect(record.growing.map(({ start }) => start)).toEqual([START, START + hours(1), START + hours(2)]);
    expect(record.growing.at(-1)).toBe(later);
  });

  it('is a closed one of the week, or none, once nothing is to grow there any more', () => {
    const record = newMerchant();
    const hour = closed(record, START);
    expect(hourAt(record, START + 5, START + hours(1))).toBe(hour);
    expect(hourAt(record, START + 5, START + hours(1) - 1)).not.toBe(hour);
    expect(hourAt(record, START - 1, START + hours(1))).toBeUndefined();
  });
});

describe('what is usual', () => {
  it('are the counts of hours older than a week', () => {
    const record = newMerchant();
    closed(record, START, { captured: 10, refunds: 2 });
    closed(record, START + hours(1), { captured: 5, low: 1 });
    learnOldHours(record, START + days(7));
    expect(record.learnt.captured).toBe(0);
    learnOldHours(record, START + days(7) + 1);
    expect(record.learnt).toEqual({ captured: 10, refunds: 2, complaints: 0, undelivered: 0, priced: 0, high: 0, low: 0 });
    learnOldHours(record, START + days(8));
    expect(record.learnt).toMatchObject({ captured: 15, refunds: 2, low: 1 });
    expect(record.recent).toEqual([]);
  });

  it('counts half after sixty days, and prices with it', () => {
    const record = newMerchant();
    pricesOf(record, START, ['EUR', 1_024, 8]);
    record.growing.length = 0;
    closed(record, START, { captured: 11 });
    closed(record, START + days(60) - 1, { captured: 100 });
    learnOldHours(record, START + days(68) - hours(1));
    expect(record.learnt.captured).toBe(111);
    expect(record.prices.get('EUR')!.total).toBe(8);
    closed(record, START + days(60), { captured: 1 });
    learnOldHours(record, START + days(68));
    expect(record.learnt.captured).toBe(56);
    expect(record.prices.get('EUR')!.total).toBe(4);
    closed(record, START + days(180), { captured: 0 });
    learnOldHours(record, START + days(200));
    expect(record.learnt.captured).toBe(14);
  });

  it('is not what happened while something was open, unless it lasted a month', () => {
    const record = newMerchant();
    record.open.set('refund-rate', { from: START });
    closed(record, START + days(29), { captured: 10 });
    closed(record, START + days(30), { captured: 5 });
    learnOldHours(record, START + days(60));
    expect(record.learnt.captured).toBe(5);
  });
});

describe('prices', () => {
  const known = () => {
    const record = newMerchant();
    pricesOf(record, START, ['EUR', 1_024, 100]);
    return record;
  };

  it('are compared once a hundred are known, and then learnt', () => {
    const record = newMerchant();
    expect(pricesOf(record, START, ['EUR', 1_024, 99]).counts.priced).toBe(0);
    expect(pricesOf(record, START + hours(1), ['EUR', 1_024, 1]).counts.priced).toBe(0);
    const third = pricesOf(record, START + hours(2), ['EUR', 1_024, 3]);
    expect(third.counts).toMatchObject({ priced: 3, high: 0, low: 0 });
    expect(record.prices.get('EUR')!.total).toBe(103);
    expect(third.prices.size).toBe(0);
  });

  it('are high or low where they lie more than a bin beyond all but one in a hundred', () => {
    const counts = (minor: number) => {
      const { priced, high, low } = pricesOf(known(), START + hours(1), ['EUR', minor, 2]).counts;
      return [priced, high, low];
    };
    expect(counts(1_024)).toEqual([2, 0, 0]);
    // An eighth of an octave is a bin.
    expect([counts(1_024 * 2 ** (1 / 8)), counts(1_024 * 2 ** (2 / 8))]).toEqual([
      [2, 0, 0],
      [2, 2, 0],
    ]);
    expect([counts(1_024 / 2 ** (1 / 8)), counts(1_024 / 2 ** (2 / 8)), counts(0)]).toEqual([
      [2, 0, 0],
      [2, 0, 2],
      [2, 0, 2],
    ]);
  });

  it('of another currency are others, of four at most, in an hour and for good', () => {
    const record = known();
    const five = ['EUR', 'USD', 'JPY', 'GBP', 'KWD'].map((currency): [string, number, number] => [currency, 9_999, 2]);
    const hour = pricesOf(record, START + hours(1), ...five);
    expect(hour.counts).toMatchObject({ priced: 2, high: 2 });
    expect([...record.prices.keys()]).toEqual(['EUR', 'USD', 'JPY', 'GBP']);
    pricesOf(record, START + hours(2), ['KWD', 5, 200], ['EUR', 1_024, 1]);
    expect([...record.prices.keys()]).toEqual(['EUR', 'USD', 'JPY', 'GBP']);
    expect(record.prices.get('EUR')!.total).toBe(103);
    const full = hourAt(newMerchant(), START, -NEVER)!;
    for (const [currency] of five) countPrice(full, currency, 1);
    countPrice(full, 'EUR', 1);
    expect([...full.prices].map(([currency, { total }]) => [currency, total])).toEqual([
      ['EUR', 2],
      ['USD', 1],
      ['JPY', 1],
      ['GBP', 1],
    ]);
  });

  it('are compared and not learnt while something is open', () => {
    const record = known();
    record.open.set('price-above-usual', { from: START });
    expect(pricesOf(record, START + hours(1), ['EUR', 9_999, 2]).counts.high).toBe(2);
    expect(record.prices.get('EUR')!.total).toBe(100);
  });
});

it('a record is the same from its text', () => {
  const record = newMerchant();
  expect(unpackMerchant(packMerchant(record))).toEqual(record);
  pricesOf(record, START, ['EUR', 1_024, 100]);
  record.growing.length = 0;
  closed(record, START, { captured: 10, refunds: 2, low: 1 });
  const growing = hourAt(record, START + hours(5), START)!;
  growing.capturedAt = START + hours(5) + 7;
  countPrice(growing, 'EUR', 77);
  hourAt(record, START + hours(6), START);
  record.open.set('refund-rate', { from: START });
  record.vettings.push({ at: START, eventId: 'e-1', isRefused: true }, { at: START + 1, eventId: 'e-2', isRefused: false });
  Object.assign(record, { halvedAt: 1, judgedAt: 2, vettedAt: 3, refusedAt: 4, lapsedAt: 0 });
  record.learnt.complaints = 9;
  expect(unpackMerchant(JSON.parse(JSON.stringify(packMerchant(record))))).toEqual(record);
});

import { days, hours, minutes, NEVER, type InstantMs } from '#kernel/time';
import { readSeries } from '#detection/statistics/series-anomaly';
import {
  attemptsOf,
  hourOf,
  learnOld,
  newRoute,
  packRoute,
  stepOf,
  unpackRoute,
  type RouteRecord,
} from '#detection/route-record';

const START = Date.UTC(2026, 2, 2);
const step = minutes(5);
const DAY = days(1);
const closed = (record: RouteRecord, start: InstantMs, captured: number, failed: number): void => {
  record.recent.push({ start, authorised: 0, captured, failed, rarity: -1 });
};
const at = (record: RouteRecord, hour: number) => [record.attempts[hour], record.failures[hour]];

describe('a step of time', () => {
  it('is one that grows, by time, from its start to its end', () => {
    const record = newRoute();
    const later = stepOf(record, START + minutes(10), step, START);
    const first = stepOf(record, START + 3, step, START);
    expect(first).toEqual({ start: START, authorised: 0, captured: 0, failed: 0, rarity: -1 });
    expect(stepOf(record, START + step - 1, step, START)).toBe(first);
    expect(stepOf(record, START + step, step, START)).not.toBe(first);
    expect(record.growing.map(({ start }) => start - START)).toEqual([0, step, 2 * step]);
    expect(record.growing[2]).toBe(later);
  });

  it('is a closed one that is still looked back at, or none', () => {
    const record = newRoute();
    closed(record, START, 1, 0);
    expect(stepOf(record, START + 3, step, START + step)).toBe(record.recent[0]);
    expect(stepOf(record, START + step, step, START + 2 * step)).toBeUndefined();
    expect(stepOf(record, START + 3, step, START + step - 1)).toBe(record.growing[0]);
  });

  it('counts an authorisation and its capture once, and each failure', () => {
    const of = (authorised: number, captured: number, failed: number) =>
      attemptsOf({ start: 0, authorised, captured, failed, rarity: 0 });
    expect([of(3, 2, 1), of(2, 3, 1), of(0, 0, 0)]).toEqual([4, 4, 0]);
    expect([hourOf(START), hourOf(START + hours(1) - 1), hourOf(START + hours(23))]).toEqual([0, 0, 23]);
  });
});

describe('what is usual of an hour of the day', () => {
  it('are the steps that are three hours old, by their hour', () => {
    const record = newRoute();
    closed(record, START + hours(5), 8, 2);
    closed(record, START + hours(6), 4, 0);
    learnOld(record, START + hours(8), DAY);
    expect(at(record, 5)).toEqual([0, 0]);
    learnOld(record, START + hours(8) + 1, DAY);
    expect([at(record, 5), at(record, 6)]).toEqual([
      [10, 2],
      [0, 0],
    ]);
    closed(record, START + hours(29), 5, 1);
    learnOld(record, START + days(2), DAY);
    expect([at(record, 5), at(record, 6), record.recent]).toEqual([[16, 3], [4, 0], []]);
  });

  it('counts half after two weeks', () => {
    const record = newRoute();
    closed(record, START, 8, 3);
    closed(record, START + days(14) - 1, 2, 0);
    learnOld(record, START + days(20), DAY);
    expect([at(record, 0), at(record, 23)]).toEqual([
      [11, 3],
      [2, 0],
    ]);
    closed(record, START + days(14), 1, 1);
    learnOld(record, START + days(20), DAY);
    expect(at(record, 0)).toEqual([7, 2]);
    closed(record, START + days(42), 0, 0);
    learnOld(record, START + days(50), DAY);
    expect(at(record, 0)).toEqual([1, 0]);
  });

  it('is not what was part of an outage, unless it lasted a day', () => {
    const learnt = (from: number, until: number, ...hoursOf: readonly number[]) => {
      const record = newRoute();
      record.outage = { from: START + hours(from), until: until < 0 ? NEVER : START + hours(until) };
      for (const hour of hoursOf) closed(record, START + hours(hour), 1, 0);
      learnOld(record, START + days(9), DAY);
      return record.attempts.map((count, hour) => (count > 0 ? [hour] : [])).flat();
    };
    expect(learnt(1, 3, 0, 1, 2, 3)).toEqual([0, 3]);
    expect(learnt(1, -1, 0, 1, 2)).toEqual([0]);
    expect(learnt(1, -1, 24, 25, 26)).toEqual([1, 2]);
  });
});

it('a record is the same from its text', () => {
  const record = newRoute();
  const through = (): RouteRecord => unpackRoute(JSON.parse(JSON.stringify(packRoute(record))));
  expect(through()).toEqual(record);
  stepOf(record, START + 3, step, START)!.failed = 3;
  closed(record, START - step, 4, 1);
  closed(record, START - days(1), 4, 1);
  learnOld(record, START, DAY);
  record.outage = { from: START - 7, until: NEVER };
  readSeries(record.series, START, 0.25);
  expect(through()).toEqual(record);
  record.outage = { from: START - 7, until: START };
  record.halvedAt = 0;
  expect(through()).toEqual(record);
  expect(through().attempts).not.toBe(record.attempts);
});

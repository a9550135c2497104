import { days, hours, minutes } from '#kernel/time';
import { emptySeason, expectSeason } from '#detection/statistics/season';

const MONDAY = Date.UTC(2026, 2, 2);

describe('what is expected at a time', () => {
  it('is nothing the first time, then what was seen at that time of day', () => {
    const season = emptySeason();
    expect(expectSeason(season, MONDAY + hours(9), 10)).toBeUndefined();
    expect(expectSeason(season, MONDAY + days(1) + hours(9), 20)).toBe(10);
    // A fifth of the way from 10 to 20.
    expect(expectSeason(season, MONDAY + days(2) + hours(9), 0)).toBe(12);
  });

  it('is of five minutes of the day: what lies in another says nothing', () => {
    const season = emptySeason();
    expectSeason(season, MONDAY + hours(9), 10);
    expect(expectSeason(season, MONDAY + days(1) + hours(9) - 1, 0)).toBeUndefined();
    expect(expectSeason(season, MONDAY + days(1) + hours(9) + minutes(5), 0)).toBeUndefined();
    expect(expectSeason(season, MONDAY + days(1) + hours(9) + minutes(5) - 1, 0)).toBe(10);
  });

  it('is of half an hour of the week, where its day was never seen', () => {
    const season = emptySeason();
    expectSeason(season, MONDAY + hours(9), 10);
    expect(expectSeason(season, MONDAY + days(7) + hours(9) + minutes(10), 20)).toBe(10);
    // Three tenths of the way from 10 to 20.
    expect(expectSeason(season, MONDAY + days(14) + hours(9) + minutes(20), 0)).toBe(13);
    expect(expectSeason(season, MONDAY + days(14) + hours(9) + minutes(30), 0)).toBeUndefined();
  });

  it('is by the week where the week was closer of late: a shop that is shut on Sundays', () => {
    const season = emptySeason();
    const at = (day: number) => MONDAY + days(day) + hours(12);
    const value = (day: number) => (day % 7 === 6 ? 0 : 100);
    for (let day = 0; day < 28; day++) expectSeason(season, at(day), value(day));
    expect(season.weekError).toBeLessThan(season.dayError);
    expect(expectSeason(season, at(34), 0)).toBe(0);
  });

  it('is by the day where each week is another', () => {
    const season = emptySeason();
    const at = (day: number) => MONDAY + days(day) + hours(12);
    for (let day = 0; day < 28; day++) expectSeason(season, at(day), 100 + Math.floor(day / 7) * 50);
    expect(season.dayError).toBeLessThan(season.weekError);
    const day = season.day[144]!;
    expect(day).toBeGreaterThan(season.week.find((mean) => !Number.isNaN(mean))!);
    expect(expectSeason(season, at(28), 250)).toBe(day);
  });

  it('has errors that follow by a hundredth, and none before both are known', () => {
    const season = emptySeason();
    expectSeason(season, MONDAY, 10);
    expect([season.dayError, season.weekError]).toEqual([-1, -1]);
    expectSeason(season, MONDAY + days(7), 20);
    expect([season.dayError, season.weekError]).toEqual([10, 10]);
    // Expected by then: 12 of the day, 13 of the week.
    expectSeason(season, MONDAY + days(14), 20);
    expect(season.dayError).toBeCloseTo(10 + 0.01 * (8 - 10), 12);
    expect(season.weekError).toBeCloseTo(10 + 0.01 * (7 - 10), 12);
  });

  it('is kept to six digits, in at most 288 and 336 bins', () => {
    const season = emptySeason();
    for (let at = 0; at < 7 * 288; at++) expectSeason(season, MONDAY + minutes(5) * at, 1 / 3);
    expect([season.day.length, season.week.length, season.day[0]]).toEqual([288, 336, 0.333333]);
  });
});

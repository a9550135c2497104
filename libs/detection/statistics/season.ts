import { sixDigits } from '#detection/statistics/six-digits';
import { days, minutes, type InstantMs } from '#kernel/time';

/**
 * What a series usually is at this time of day and of week (UTC): a running mean for each bin, NaN where none was seen. At most 288 and
 * 336 numbers.
 */
export interface Season {
  day: number[];
  week: number[];
  /** Running mean of the absolute error of either; -1 before the first. */
  dayError: number;
  weekError: number;
}

export const emptySeason = (): Season => ({ day: [], week: [], dayError: -1, weekError: -1 });

/** Bins of the day: the resolution of most metrics. 15 min cost 3.5 points of NAB. */
const dayBinMs = minutes(5);
const weekBinMs = minutes(30);
/** A bin forgets to a half in three days, in two weeks. */
const dayRate = 0.2;
const weekRate = 0.3;
const errorRate = 0.01;

/** The value expected at `at`, by whichever of day and week was closer of late, learnt only from earlier ones; then `value` is learnt. */
export function expectSeason(season: Season, at: InstantMs, value: number): number | undefined {
  const day = learn(season.day, Math.floor((at % days(1)) / dayBinMs), value, dayRate);
  const week = learn(season.week, Math.floor((at % days(7)) / weekBinMs), value, weekRate);
  if (day === undefined || week === undefined) return day ?? week;
  const expected = season.weekError >= 0 && season.weekError < season.dayError ? week : day;
  season.dayError = follow(season.dayError, Math.abs(value - day));
  season.weekError = follow(season.weekError, Math.abs(value - week));
  return expected;
}

const follow = (mean: number, error: number): number => (mean < 0 ? error : mean + errorRate * (error - mean));

function learn(bins: number[], at: number, value: number, rate: number): number | undefined {
  while (bins.length <= at) bins.push(NaN);
  const mean = bins[at] as number;
  if (Number.isNaN(mean)) {
    bins[at] = sixDigits(value);
    return undefined;
  }
  bins[at] = sixDigits(mean + rate * (value - mean));
  return mean;
}

import { days, hours, type DurationMs, type InstantMs, NEVER } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import { emptySeries, type SeriesState } from '#detection/statistics/series-anomaly';
import { decodeSeries, encodeSeries } from '#detection/statistics/series-text';

/** Payments of a route within one step of time. */
export interface RouteStep {
  readonly start: InstantMs;
  authorised: number;
  captured: number;
  failed: number;
  /** Mean surprise of the share of failures in its own past; -1 where it is not known. */
  rarity: number;
}

/**
 * What is known of a route: steps that may still grow, closed ones of the last three hours, the usual failures of each hour of the day
 * (UTC), the share of failures as a series, and the newest outage. At most some 25 kB as text.
 */
export interface RouteRecord {
  readonly growing: RouteStep[];
  readonly recent: RouteStep[];
  /** Attempts and failures by hour of the day. */
  readonly attempts: number[];
  readonly failures: number[];
  halvedAt: InstantMs;
  series: SeriesState;
  /** `until` is NEVER while it lasts. */
  outage: { readonly from: InstantMs; readonly until: InstantMs } | null;
}

export const lookBack: DurationMs = hours(3);
/** Older counts weigh half after this. */
const halving = days(14);

export const newRoute = (): RouteRecord => ({
  growing: [],
  recent: [],
  attempts: Array<number>(24).fill(0),
  failures: Array<number>(24).fill(0),
  halvedAt: -NEVER,
  series: emptySeries(),
  outage: null,
});

/** An authorisation and its capture are one success; either may be all that a feed tells. */
export const attemptsOf = ({ authorised, captured, failed }: RouteStep): number => Math.max(authorised, captured) + failed;

export const hourOf = (at: InstantMs): number => Math.floor((at % days(1)) / hours(1));

/** The step that holds `at`: one that grows, a closed one that is still looked back at, or a new one; undefined when it is past. */
export function stepOf(record: RouteRecord, at: InstantMs, stepMs: DurationMs, closedUntil: InstantMs): RouteStep | undefined {
  const start = Math.floor(at / stepMs) * stepMs;
  if (start + stepMs <= closedUntil) return record.recent.find((step) => step.start === start);
  const known = record.growing.find((step) => step.start === start);
  if (known !== undefined) return known;
  const step: RouteStep = { start, authorised: 0, captured: 0, failed: 0, rarity: -1 };
  record.growing.push(step);
  record.growing.sort((one, other) => one.start - other.start);
  return step;
}

/** Takes what is older than three hours into the usual counts of its hour, unless it was part of an outage. */
export function learnOld(record: RouteRecord, now: InstantMs, acceptAfterMs: DurationMs): void {
  const { recent, outage, attempts, failures } = record;
  while (recent[0] !== undefined && recent[0].start < now - lookBack) {
    const step = recent.shift() as RouteStep;
    const isOutage = outage !== null && step.start >= outage.from && step.start < outage.until;
    if (isOutage && step.start < outage.from + acceptAfterMs) continue;
    if (record.halvedAt === -NEVER) record.halvedAt = step.start;
    for (; step.start >= record.halvedAt + halving; record.halvedAt += halving) {
      for (const counts of [attempts, failures]) counts.forEach((count, hour) => (counts[hour] = Math.floor(count / 2)));
    }
    const hour = hourOf(step.start);
    attempts[hour]! += attemptsOf(step);
    failures[hour]! += step.failed;
  }
}

const packStep = ({ start, authorised, captured, failed, rarity }: RouteStep): Cell => [
  start,
  authorised,
  captured,
  failed,
  rarity,
];
const unpackStep = (cell: Cell): RouteStep => {
  const [start, authorised, captured, failed, rarity] = cell as readonly [number, number, number, number, number];
  return { start, authorised, captured, failed, rarity };
};

export const packRoute = ({ growing, recent, attempts, failures, halvedAt, series, outage }: RouteRecord): Cell => [
  growing.map(packStep),
  recent.map(packStep),
  attempts,
  failures,
  halvedAt === -NEVER ? -1 : halvedAt,
  series.alerts.seen === 0 ? '' : encodeSeries(series),
  outage === null ? [] : [outage.from, outage.until === NEVER ? -1 : outage.until],
];

export function unpackRoute(cell: Cell): RouteRecord {
  const [growing, recent, attempts, failures, halvedAt, series, outage] = cell as readonly [
    readonly Cell[],
    readonly Cell[],
    readonly number[],
    readonly number[],
    number,
    string,
    readonly number[],
  ];
  const [from, until = -1] = outage;
  return {
    growing: growing.map(unpackStep),
    recent: recent.map(unpackStep),
    attempts: [...attempts],
    failures: [...failures],
    halvedAt: halvedAt < 0 ? -NEVER : halvedAt,
    series: series === '' ? emptySeries() : decodeSeries(series),
    outage: from === undefined ? null : { from, until: until < 0 ? NEVER : until },
  };
}

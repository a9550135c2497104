import { days, type DurationMs } from '#kernel/time';

/** Lags are told apart by day up to here; a card network's longest ordinary claim is 120 days (facts.md: Visa 12.6.1). */
const DAYS = 120;
/** Above this number of labels all counts are halved, so that a change of the lag is followed. */
const COUNT_MAX = 2_048;
/** Before any label came. */
const DAYS_PRIOR = 7;

/** How long after its payment a label comes, learnt from those that came: counts by whole days. */
export interface LabelLag {
  readonly counts: Float64Array;
  total: number;
  /** Share of labels that have come for payments of a day this many days ago. */
  readonly come: Float64Array;
  /** Days after which 95, and 25, of 100 labels have come. */
  settledDays: number;
  freshDays: number;
}

export const newLabelLag = (): LabelLag =>
  look({ counts: new Float64Array(DAYS + 1), total: 0, come: new Float64Array(DAYS + 2), settledDays: 0, freshDays: 0 });

export function noteLag(lag: LabelLag, took: DurationMs): void {
  const day = Math.min(DAYS, Math.max(0, Math.floor(took / days(1))));
  lag.counts[day] = (lag.counts[day] as number) + 1;
  lag.total++;
  if (lag.total >= COUNT_MAX) {
    for (let at = 0; at <= DAYS; at++) lag.counts[at] = (lag.counts[at] as number) / 2;
    lag.total /= 2;
  }
  look(lag);
}

/** Share of the labels that have come for payments of a day `age` days ago. */
export const labelsCome = ({ come }: LabelLag, age: number): number =>
  age < 0 ? 0 : (come[Math.min(DAYS + 1, Math.floor(age))] as number);

/** The age from which a payment without a label is taken for good: 95 of 100 labels have come. */
export const settledAfter = ({ settledDays }: LabelLag): DurationMs => days(settledDays);

function look(lag: LabelLag): LabelLag {
  const { counts, total, come } = lag;
  let earlier = 0;
  for (let day = 0; day <= DAYS; day++) {
    // Half of the day's own labels have come by the time that its payments are, on average, that old.
    come[day] = total === 0 ? Number(day > DAYS_PRIOR) : (earlier + (counts[day] as number) / 2) / total;
    earlier += counts[day] as number;
  }
  come[DAYS + 1] = 1;
  lag.settledDays = come.findIndex((share) => share >= 0.95);
  lag.freshDays = come.findIndex((share) => share >= 0.25);
  return lag;
}

/** Cells: pairs of day and count. */
export const packLabelLag = ({ counts }: LabelLag): readonly number[] =>
  [...counts].flatMap((count, day) => (count > 0 ? [day, count] : []));

export function unpackLabelLag(cells: readonly number[]): LabelLag {
  const lag = newLabelLag();
  for (let at = 0; at + 1 < cells.length; at += 2) {
    lag.counts[cells[at] as number] = cells[at + 1] as number;
    lag.total += cells[at + 1] as number;
  }
  return look(lag);
}

import type { DurationMs, InstantMs } from '#kernel/time';
import { type Counts, noCounts } from '#stream/effects';
import type { StoredReport } from '#stream/runner-options';

/** What a commit did, small enough to be sent from a worker thread: for metrics, and to wake the relay. */
export interface StageReport {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly watermark: InstantMs;
  /** Records that the log holds beyond the commit, as last known. */
  readonly lag: number;
  readonly tookMs: DurationMs;
  readonly checkpointAgeMs: DurationMs;
  /** What became of the records of this commit. */
  readonly counted: Counts;
  /** Bodies of the findings that went out. */
  readonly findings: readonly string[];
  /** From append to commit, of everything that went out because of a record. */
  readonly latenciesMs: readonly DurationMs[];
  /** How many deadlines fired, by name. */
  readonly fired: Readonly<Record<string, number>>;
  /** How many records were buried, by reason. */
  readonly buried: Readonly<Record<string, number>>;
  readonly hasMessages: boolean;
}

export function reportOf({ commit, countsBefore, news, tookMs, storedAt, lag, checkpointAgeMs }: StoredReport): StageReport {
  const { progress, nextOffset, watermark, counts, effects } = commit;
  const said = news.map((at) => effects.said[at]!);
  return {
    topic: progress.topic,
    partition: progress.partition,
    nextOffset,
    watermark,
    lag,
    tookMs,
    checkpointAgeMs,
    counted: difference(counts, countsBefore),
    findings: said.filter(({ emission }) => emission.kind === 'finding').map(({ emission }) => emission.body),
    latenciesMs: said.flatMap(({ appendedAt }) => (appendedAt === null ? [] : [Math.max(0, storedAt - appendedAt)])),
    fired: tally(effects.fired.map(({ deadline }) => deadline.name)),
    buried: tally(effects.buried.map(({ letter }) => letter.reason)),
    hasMessages: said.length > 0 || effects.slim.length > 0 || effects.buried.length > 0,
  };
}

function difference(counts: Counts, before: Counts): Counts {
  const counted = noCounts();
  for (const outcome of Object.keys(counted) as (keyof Counts)[]) counted[outcome] = counts[outcome] - before[outcome];
  return counted;
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

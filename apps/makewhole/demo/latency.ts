import type { Metrics } from '#telemetry/metrics';

/** Cumulative counts of the histogram appended → committed, by the upper bound of the bucket in seconds. */
export type Latencies = ReadonlyMap<number, number>;

export async function readLatencies(metrics: Metrics): Promise<Latencies> {
  const { values } = await metrics.eventToFinding.get();
  const buckets = values.filter(({ metricName }) => metricName?.endsWith('_bucket') === true);
  return new Map(
    buckets.map(({ labels, value }) => [labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le), value]),
  );
}

/** An upper bound of a quantile of what was measured between two readings, in seconds; null when nothing was. */
export function quantileBetween(before: Latencies, after: Latencies, quantile: number): number | null {
  const counts = [...after].map(([upTo, count]) => [upTo, count - (before.get(upTo) ?? 0)] as const).sort(([a], [b]) => a - b);
  const total = counts.at(-1)?.[1] ?? 0;
  if (total === 0) return null;
  return counts.find(([, count]) => count >= quantile * total)?.[0] ?? null;
}

import type { Metrics } from '#telemetry/metrics';

/** An upper bound of a quantile, in seconds, from the buckets of a histogram; null when nothing was measured. */
export async function quantileOf(metrics: Metrics, quantile: number): Promise<number | null> {
  const { values } = await metrics.eventToFinding.get();
  const buckets = values
    .filter(({ metricName }) => metricName?.endsWith('_bucket') === true)
    .map(({ labels, value }) => ({ upTo: Number(labels.le === '+Inf' ? Number.POSITIVE_INFINITY : labels.le), count: value }))
    .sort((one, other) => one.upTo - other.upTo);
  const total = buckets.at(-1)?.count ?? 0;
  if (total === 0) return null;
  return buckets.find(({ count }) => count >= quantile * total)?.upTo ?? null;
}

import type { Finding } from '#detection/finding';
import type { Counts } from '#stream/effects';
import type { StageReport } from '#stream/stage-report';
import type { Metrics } from '#telemetry/metrics';
import { PAYMENT_EVENTS } from '#apps/detector/detector-host';

/** Turns reports of commits into the metrics of the interface. Counters count what this process did. */
export class DetectorMetrics {
  private readonly ages = new Map<string, number>();

  constructor(private readonly metrics: Metrics) {}

  note(report: StageReport): void {
    const { metrics } = this;
    const labels = { topic: report.topic, partition: String(report.partition) };
    metrics.commitDuration.observe(report.tookMs / 1_000);
    if (report.topic === PAYMENT_EVENTS) metrics.batchEvents.observe(this.countEvents(report));
    metrics.consumerLag.set(labels, report.lag);
    if (Number.isFinite(report.watermark)) metrics.watermark.set(labels, report.watermark / 1_000);
    for (const latencyMs of report.latenciesMs) metrics.eventToFinding.observe(latencyMs / 1_000);
    for (const [kind, count] of Object.entries(report.fired)) metrics.deadlinesFired.inc({ kind }, count);
    for (const [reason, count] of Object.entries(report.buried)) metrics.deadLetters.inc({ reason }, count);
    for (const body of report.findings) this.countFinding(body);
    this.ages.set(`${report.topic}/${report.partition}`, report.checkpointAgeMs);
    metrics.checkpointAge.set(Math.max(...this.ages.values()) / 1_000);
  }

  private countEvents({ counted }: StageReport): number {
    let events = 0;
    for (const [outcome, count] of Object.entries(counted) as [keyof Counts, number][]) {
      events += count;
      if (count > 0) this.metrics.events.inc({ outcome }, count);
    }
    return events;
  }

  private countFinding(body: string): void {
    const { data } = JSON.parse(body) as { data: { finding: Finding } };
    const { kind, confidence, status, mode } = data.finding;
    this.metrics.findings.inc({ kind, confidence, status });
    if (mode === 'shadow') this.metrics.shadowFindings.inc({ kind, confidence, status });
  }
}

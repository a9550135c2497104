import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { labels } from '#telemetry/labels';

const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const sizeBuckets = [1, 10, 50, 100, 250, 500, 1_000, 2_000, 4_000, 8_000, 16_000];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * Every metric of the interface, declared once; a process has one set. Labelled counters start at 0 for each value of their closed
 * sets; `currency` is ISO 4217 and `topic`, `partition` are as many as the log has, so neither grows with traffic.
 */
export function createMetrics(build: { readonly service: string; readonly version: string }, processMetrics = true) {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter<Label>({ name: `makewhole_${name}`, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name: `makewhole_${name}`, help, labelNames, registers });
  const histogram = <Label extends string>(name: string, help: string, buckets: number[], labelNames: readonly Label[] = []) =>
    new Histogram<Label>({ name: `makewhole_${name}`, help, buckets, labelNames, registers });

  const metrics = {
    registry,
    events: counter('events_total', 'Events read from the log, by what became of them.', ['outcome']),
    eventToFinding: histogram(
      'event_to_finding_seconds',
      'From append to the log until its effects were committed.',
      latencyBuckets,
    ),
    findings: counter('findings_total', 'Findings told, those in shadow included.', ['kind', 'confidence', 'status']),
    shadowFindings: counter('shadow_findings_total', 'Findings told of kinds in shadow: none is acted on.', [
      'kind',
      'confidence',
      'status',
    ]),
    consumerLag: gauge('consumer_lag_records', 'Records in the log that are not applied yet.', ['topic', 'partition']),
    watermark: gauge('watermark_timestamp_seconds', 'Event time up to which deadlines have fired.', ['topic', 'partition']),
    commitDuration: histogram('commit_duration_seconds', 'One commit of effects and progress.', latencyBuckets),
    batchEvents: histogram('batch_events', 'Events in one commit.', sizeBuckets),
    deadlinesFired: counter('deadlines_fired_total', 'Deadlines that fell due.', ['kind']),
    casesOpened: counter('cases_opened_total', 'Cases opened, by the kind of their first finding.', ['kind']),
    casesOpen: gauge('cases_open', 'Cases by stage.', ['stage']),
    clockBreaches: counter('case_clock_breaches_total', 'Clocks of cases that ran out.', ['clock']),
    actions: counter('actions_total', 'Changes of state of actions.', ['kind', 'state']),
    actionDuration: histogram('action_duration_seconds', 'From approval until confirmed.', latencyBuckets, ['kind']),
    moneyAtRisk: gauge('money_at_risk_minor', 'Loss of open cases, in minor units.', ['currency']),
    moneyReturned: counter('money_returned_minor_total', 'Money given back to buyers, in minor units.', ['currency']),
    guardRefusals: counter('money_guard_refusals_total', 'Actions that a guard refused.', ['guard']),
    hookDeliveries: counter('hook_deliveries_total', 'Notices sent.', ['result']),
    deadLetters: counter('dead_letters_total', 'Records that could not be applied.', ['reason']),
    breakerOpen: gauge('policy_breaker_open', '1 while refunds have left their usual range and everything asks a person.'),
    livePolicy: gauge('policy_live_info', 'Always 1; which version of the policy decides.', ['version']),
    outboxPending: gauge('outbox_pending', 'Rows written but not yet sent to the log.'),
    fencingLost: counter('fencing_lost_total', 'Commits refused because another process had taken the partition.'),
    checkpointAge: gauge('checkpoint_age_seconds', 'Age of the oldest change that only memory and the log hold.'),
    requests: counter('http_requests_total', 'Requests answered, by class of status.', ['status']),
    eventsAccepted: counter('gateway_events_accepted_total', 'Events that the gateway made durable.'),
    webhooks: counter('gateway_webhooks_total', 'Webhooks of providers, by what became of them.', ['provider', 'result']),
    inFlightBytes: gauge('gateway_in_flight_bytes', 'Bytes of events that wait to become durable.'),
    logFailures: counter('log_failures_total', 'Appends or fetches of the log that failed and are tried again.'),
  };
  gauge('build_info', 'Always 1; what is running.', ['service', 'version']).set({ ...build }, 1);
  initialise(metrics);
  return metrics;
}

function initialise(
  metrics: Pick<
    Metrics,
    | 'events'
    | 'findings'
    | 'shadowFindings'
    | 'casesOpened'
    | 'casesOpen'
    | 'clockBreaches'
    | 'actions'
    | 'hookDeliveries'
    | 'deadLetters'
    | 'webhooks'
  >,
): void {
  for (const outcome of labels.outcome) metrics.events.inc({ outcome }, 0);
  for (const kind of labels.findingKind) {
    metrics.casesOpened.inc({ kind }, 0);
    for (const confidence of labels.confidence) {
      for (const status of labels.status) {
        metrics.findings.inc({ kind, confidence, status }, 0);
        metrics.shadowFindings.inc({ kind, confidence, status }, 0);
      }
    }
  }
  for (const stage of labels.stage) metrics.casesOpen.set({ stage }, 0);
  for (const clock of labels.clock) metrics.clockBreaches.inc({ clock }, 0);
  for (const kind of labels.actionKind) {
    for (const state of labels.actionState) metrics.actions.inc({ kind, state }, 0);
  }
  for (const result of labels.hookResult) metrics.hookDeliveries.inc({ result }, 0);
  for (const provider of labels.webhookProvider) {
    for (const result of labels.webhookResult) metrics.webhooks.inc({ provider, result }, 0);
  }
  for (const reason of labels.reason) metrics.deadLetters.inc({ reason }, 0);
}

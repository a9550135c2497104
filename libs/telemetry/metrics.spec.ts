import { findingKinds } from '#detection/finding';
import { labels } from '#telemetry/labels';
import { createMetrics } from '#telemetry/metrics';

const interfaceNames = [
  'events_total',
  'event_to_finding_seconds',
  'findings_total',
  'consumer_lag_records',
  'watermark_timestamp_seconds',
  'commit_duration_seconds',
  'batch_events',
  'deadlines_fired_total',
  'cases_opened_total',
  'cases_open',
  'case_clock_breaches_total',
  'actions_total',
  'action_duration_seconds',
  'money_at_risk_minor',
  'money_returned_minor_total',
  'money_guard_refusals_total',
  'hook_deliveries_total',
  'dead_letters_total',
  'outbox_pending',
  'fencing_lost_total',
  'checkpoint_age_seconds',
  'build_info',
];

describe('metrics', () => {
  const metrics = createMetrics({ service: 'test', version: '1' }, false);

  it('are declared with the names of the interface', () => {
    const declared = metrics.registry.getMetricsAsArray().map(({ name }) => name);
    expect(declared).toEqual(expect.arrayContaining(interfaceNames.map((name) => `makewhole_${name}`)));
  });

  it('exist at 0 for each value of their closed label sets before anything happened', async () => {
    const text = await metrics.registry.metrics();
    expect(text).toContain('makewhole_events_total{outcome="quarantined"} 0');
    expect(text).toContain('makewhole_findings_total{kind="stuck-hold",confidence="likely",status="cleared"} 0');
    expect(text).toContain('makewhole_actions_total{kind="refund",state="unknown"} 0');
    expect(text).toContain('makewhole_build_info{service="test",version="1"} 1');
  });

  it('know the same kinds as detection', () => {
    expect(labels.findingKind).toEqual(findingKinds);
  });
});

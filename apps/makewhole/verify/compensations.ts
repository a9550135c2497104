import type { ActionRow } from '#apps/makewhole/verify/actions';
import { violation, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditLog } from '#apps/makewhole/verify/sources';

/** Of a finding, all that was ever told of what its delay gives the buyer. */
interface Delay {
  readonly since: number;
  readonly perDayMinor: number;
  readonly currency: string;
  /** The most that it was said to have lasted, once over; 0 while it never was. */
  readonly days: number;
}

const DAY_MS = 86_400_000;

/** What is paid for a delay: once a finding, and no more than the days that findings and results on the log tell of. */
export async function judgeCompensations(log: AuditLog, actions: readonly ActionRow[]): Promise<readonly Violation[]> {
  const paid = actions.filter(({ accrual }) => accrual === 'daily-compensation');
  if (paid.length === 0) return [];
  const delays = await readDelays(log);
  const confirmed = await readConfirmed(log);
  const violations: Violation[] = [];
  const seen = new Set<string>();
  for (const action of paid) {
    if (seen.has(action.finding_id)) violations.push(violation('a delay is paid for twice', { action }));
    seen.add(action.finding_id);
    const delay = delays.get(action.finding_id);
    const refunds = actions.filter(
      ({ finding_id: id, kind }) => id === action.finding_id && (kind === 'refund' || kind === 'void'),
    );
    const days = Math.max(0, delay?.days ?? 0, ...refunds.map(({ action_id: id }) => daysUntil(delay, confirmed.get(id))));
    const accrued = (delay?.perDayMinor ?? 0) * days;
    if (action.amount_minor === null || action.currency !== delay?.currency || action.amount_minor > accrued)
      violations.push(violation('more is paid for a delay than accrued', { action, days, accrued }));
  }
  return violations;
}

const daysUntil = (delay: Delay | undefined, at: number | undefined): number =>
  delay === undefined || at === undefined ? 0 : Math.ceil((at - delay.since) / DAY_MS);

async function readDelays(log: AuditLog): Promise<ReadonlyMap<string, Delay>> {
  const delays = new Map<string, Delay>();
  await log.scan('findings', ({ value }) => {
    const { type, data } = JSON.parse(String(value)) as { type: string; data: { finding?: ToldDelay } };
    const { finding } = data;
    const minor = finding?.because.figures.compensationPerDayMinor;
    if (type !== 'makewhole.finding' || finding === undefined || minor === undefined) return;
    const { compensationCurrency: currency = '', daysLate = 0 } = finding.because.figures;
    const days = Math.max(daysLate, delays.get(finding.findingId)?.days ?? 0);
    delays.set(finding.findingId, { since: Date.parse(finding.at), perDayMinor: minor, currency, days });
  });
  return delays;
}

interface ToldDelay {
  readonly findingId: string;
  readonly at: string;
  readonly because: {
    readonly figures: {
      readonly compensationPerDayMinor?: number;
      readonly compensationCurrency?: string;
      readonly daysLate?: number;
    };
  };
}

/** When the actuator told of each action that it is done. */
async function readConfirmed(log: AuditLog): Promise<ReadonlyMap<string, number>> {
  const confirmed = new Map<string, number>();
  await log.scan('action-results', ({ value }) => {
    const { data } = JSON.parse(String(value)) as { data: { actionId: string; state: string; at: string } };
    if (data.state === 'confirmed') confirmed.set(data.actionId, Date.parse(data.at));
  });
  return confirmed;
}

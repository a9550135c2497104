import { formatInstant, type InstantMs, NEVER } from '#kernel/time';
import type { Case, CaseChange } from '#case/case';
import { meetClocks } from '#case/clocks';
import { isLadderStep } from '#case/ladder';
import { change, countRevision, entry, escalate, type Escalation, extend, moveStage } from '#case/life';

interface By {
  readonly by: string;
  readonly now: InstantMs;
  readonly reason?: string | undefined;
}

const why = (reason: string | undefined) => (reason === undefined ? {} : { why: reason });

/** Someone works on the case, or (null) nobody does any more. A case that was still to be looked at is being looked at then. */
export function assignCase(subject: Case, assignee: string | null, { by, now, reason }: By): CaseChange {
  const { assignee: before = null, ...rest } = subject;
  const next: Case = assignee === null ? rest : { ...rest, assignee };
  const line = entry(now, 'case assigned', { before: { assignee: before }, after: { assignee }, ...why(reason) }, by);
  const step = change(next, [line], [{ kind: 'case.updated' }]);
  const takenUp = assignee !== null && subject.stage === 'open';
  return countRevision(subject, takenUp ? moveStage(step, 'investigating', now, by) : step)!;
}

/** A person does not wait for the deadline of a step of the ladder: the next begins. Undefined after the last. */
export function escalateNow(subject: Case, how: Escalation): CaseChange | undefined {
  const step = subject.clocks.findLast(({ name }) => isLadderStep(name));
  const clocks = step === undefined ? subject.clocks : meetClocks(subject.clocks, [step.name], how.now);
  const left = change({ ...subject, clocks }, [], [{ kind: 'case.updated' }]);
  const escalated = escalate(left, how);
  return escalated === left ? undefined : countRevision(subject, escalated);
}

/** Replaces the tags; each once, in order. */
export function tagCase(subject: Case, tags: readonly string[], { by, now, reason }: By): CaseChange {
  const after = [...new Set(tags)].sort();
  const line = entry(now, 'case tagged', { before: { tags: subject.tags ?? [] }, after: { tags: after }, ...why(reason) }, by);
  return countRevision(subject, change({ ...subject, tags: after }, [line], []))!;
}

/** Sets the case aside until an instant: it waits in no queue, while its clocks run on. */
export function snoozeCase(subject: Case, until: InstantMs, { by, now, reason = '' }: By): CaseChange {
  const before = { until: subject.snooze === undefined ? null : formatInstant(subject.snooze.until) };
  const line = entry(now, 'case snoozed', { before, after: { until: formatInstant(until) }, why: reason }, by);
  return countRevision(subject, change({ ...subject, snooze: { until, reason, by } }, [line], []))!;
}

/** Puts the case back into its queue before its time. */
export const wakeCase = (subject: Case, by: By): CaseChange => countRevision(subject, awake(change({ ...subject }, [], []), by))!;

/** The end of a snooze by time alone. */
export const wakeInTime = (step: CaseChange, now: InstantMs): CaseChange =>
  (step.case.snooze?.until ?? NEVER) <= now ? awake(step, { by: 'makewhole', now }) : step;

function awake(step: CaseChange, { by, now, reason }: By): CaseChange {
  const { snooze, ...rest } = step.case;
  const before = { until: snooze === undefined ? null : formatInstant(snooze.until) };
  const line = entry(now, 'case woken', { before, after: { until: null }, ...why(reason) }, by);
  return extend({ ...step, case: rest }, {}, line, { kind: 'case.updated' });
}

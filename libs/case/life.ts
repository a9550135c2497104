import type { InstantMs } from '#kernel/time';
import type { Case, CaseChange, CaseEntry, CaseNotice, CaseOutcome, CaseStage } from '#case/case';
import {
  hastenClocks,
  ladderClock,
  meetAllClocks,
  overdueClocks,
  pauseClocks,
  resumeClocks,
  startClocks,
  type ClockSettings,
  type Ground,
} from '#case/clocks';
import { creditLine, creditsOut, creditsToReverse, REVERSE_BY_HAND } from '#case/credit';
import { findCaseOf } from '#case/join';
import { isDismissed, nothingSuppressed, standingFindings, suppressionOf, type Suppressions } from '#case/suppression';
import { caseIdOf, caseNumberOf } from '#case/number';
import { placeOf, placeOfCase } from '#case/calendar';
import { isLadderStep, rungOf } from '#case/ladder';
import { moverOf, outcomes, requireOutcome, requireStage } from '#case/transitions';
import type { Finding, PaymentFacts } from '#detection/finding';

/** What a step needs beside the case: the instant, and how long the clocks run. */
export interface CaseContext {
  readonly now: InstantMs;
  readonly clocks: ClockSettings;
  /** What people and policy keep from becoming cases. Default: nothing. */
  readonly suppressions?: Suppressions;
  /** `false` in a replay: nothing leaves, what is approved stays. Default true. */
  readonly sends?: boolean;
}

/**
 * What a finding does to the cases of its account. It is written into the case that names it, or joins one on the same money, or
 * opens one; a `possible` finding does none of these until its confidence rises, nor one in shadow until it is live. A case whose
 * findings are all cleared closes; one whose finding opens again opens again, unless a person closed it; so does one that a person
 * took out, once it names a further payment. What is marked or snoozed opens no case and joins none. Returns undefined when nothing
 * changes.
 */
export function applyFinding(
  cases: readonly Case[],
  finding: Finding,
  payments: readonly PaymentFacts[],
  context: CaseContext,
): CaseChange | undefined {
  const holder = cases.find((candidate) => candidate.findings.some(({ findingId }) => findingId === finding.findingId));
  if (holder !== undefined) return writeFinding(holder, finding, payments, context);
  if (finding.status === 'cleared' || finding.confidence === 'possible' || finding.mode === 'shadow') return undefined;
  if (suppressionOf(finding, context.suppressions ?? nothingSuppressed) !== undefined) return undefined;
  const joined = findCaseOf(cases, finding, payments);
  return joined === undefined ? openCase(finding, payments, context) : joinCase(joined, finding, payments, context);
}

function openCase(finding: Finding, payments: readonly PaymentFacts[], context: CaseContext): CaseChange {
  const caseId = caseIdOf(finding.findingId);
  const openedAt = Date.parse(finding.at);
  const opened: Case = {
    caseId,
    number: caseNumberOf(caseId),
    accountId: finding.accountId,
    findings: [finding],
    payments,
    stage: 'open',
    outcome: null,
    openedAt,
    closedAt: null,
    clocks: startClocks(openedAt, context.clocks, placeOf(finding, payments), {
      kinds: [finding.kind],
      hasBuyer: finding.accountId !== null,
    }),
    actions: [],
    revision: 0,
  };
  return {
    case: opened,
    entries: [entry(context.now, 'case opened', { findingId: finding.findingId, kind: finding.kind })],
    notices: [{ kind: 'case.opened' }, { kind: 'finding.opened', findingId: finding.findingId }],
  };
}

function joinCase(subject: Case, finding: Finding, payments: readonly PaymentFacts[], context: CaseContext): CaseChange {
  const joined = withFacts({ ...subject, findings: [...subject.findings, finding] }, payments);
  const step = change(
    joined,
    [entry(context.now, 'finding joined', { findingId: finding.findingId, kind: finding.kind })],
    [{ kind: 'finding.opened', findingId: finding.findingId }],
  );
  return subject.stage === 'closed' ? reopenCase(step, finding, context) : hasten(subject, step, finding, context);
}

function writeFinding(
  subject: Case,
  finding: Finding,
  payments: readonly PaymentFacts[],
  context: CaseContext,
): CaseChange | undefined {
  const before = subject.findings.find(({ findingId }) => findingId === finding.findingId)!;
  if (JSON.stringify(before) === JSON.stringify(finding)) return applyFacts(subject, payments);
  const findings = subject.findings.map((held) => (held === before ? finding : held));
  const turned = before.status !== finding.status;
  const step = change(
    withFacts({ ...subject, findings }, payments),
    [entry(context.now, turned ? `finding ${finding.status}` : 'finding changed', { findingId: finding.findingId })],
    turned ? [{ kind: finding.status === 'open' ? 'finding.opened' : 'finding.cleared', findingId: finding.findingId }] : [],
  );
  const toReverse = newlyToReverse(subject, step.case, context);
  if (toReverse.length > 0) return leaveToPeople(subject, step, toReverse, context);
  if (subject.stage !== 'closed')
    return isEnded(step.case, context) ? closeCase(step, outcomeOf(subject), context) : hasten(subject, step, finding, context);
  const mayReopen = subject.outcome !== null && outcomes[subject.outcome].reopenedBy === 'finding';
  if (finding.status !== 'open') return step;
  const hasGrown = isDismissed(subject, before) && !isDismissed(subject, finding);
  return hasGrown || (turned && mayReopen) ? reopenCase(step, finding, context) : step;
}

/** What a finding tells of the place or the kind of a loss may put its case under a stricter clock, from the newest act that it names. */
function hasten(before: Case, step: CaseChange, finding: Finding, { now, clocks: settings }: CaseContext): CaseChange {
  const named = step.case.payments.filter(({ paymentId }) => finding.paymentIds.includes(paymentId));
  const acts = named.map(({ capturedAt }) => capturedAt ?? before.openedAt);
  const from = Math.max(before.openedAt, Date.parse(finding.at), ...acts);
  const clocks = hastenClocks(step.case.clocks, { before: groundOf(before), after: groundOf(step.case), from, settings });
  const moved = clocks.filter((clock, at) => clock !== step.case.clocks[at]);
  if (moved.length === 0) return step;
  const told = moved.map(({ name, state, dueAt }) => ({ name, state, dueAt }));
  return extend(step, { clocks }, entry(now, 'clocks sooner', { clocks: told }));
}

const groundOf = (subject: Case): Ground => ({ place: placeOfCase(subject), kinds: subject.findings.map(({ kind }) => kind) });

function newlyToReverse(before: Case, after: Case, { sends }: CaseContext): readonly string[] {
  const known = creditsToReverse(before, sends).map(({ actionId }) => actionId);
  return creditsToReverse(after, sends).flatMap(({ actionId }) => (known.includes(actionId) ? [] : [actionId]));
}

/** Of what healed after it was credited nothing is taken back by us: the case stays open, or opens again, for people to end it. */
function leaveToPeople(
  before: Case,
  step: CaseChange,
  actionIds: readonly string[],
  { now }: Pick<CaseContext, 'now'>,
): CaseChange {
  const line = entry(now, 'credited and healed', { actionIds, reason: REVERSE_BY_HAND });
  const told = extend(step, {}, line, { kind: 'case.updated' });
  if (before.outcome === null || outcomes[before.outcome].reopenedBy !== 'finding') return told;
  requireStage(before.caseId, before.stage, 'open', 'makewhole');
  const reopened = entry(now, 'case reopened', { actionIds });
  return extend(told, { stage: 'open', outcome: null, closedAt: null }, reopened);
}

/** Nothing is left, and no credit is out that people may have to take back. */
export const isEnded = (subject: Case, { sends }: Pick<CaseContext, 'sends'> = {}): boolean =>
  isOver(subject) && creditsOut(subject, sends).length === 0;

/** Nothing is left to be done: every finding is cleared, or was taken out by a person. */
export const isOver = (subject: Case): boolean => standingFindings(subject).every(({ status }) => status === 'cleared');

/**
 * Money that came back through our own confirmed action makes the buyer whole; any other way the case healed by itself, whatever
 * its delay was paid with.
 */
export const outcomeOf = (subject: Case): CaseOutcome =>
  subject.actions.some(({ state, accrual }) => state === 'confirmed' && accrual !== 'daily-compensation')
    ? 'made_whole'
    : 'healed';

export function closeCase(
  step: CaseChange,
  outcome: CaseOutcome,
  context: Pick<CaseContext, 'now' | 'sends'>,
  by = 'makewhole',
): CaseChange {
  requireStage(step.case.caseId, step.case.stage, 'closed', moverOf(by));
  requireOutcome(step.case.caseId, outcome, moverOf(by));
  const closed = extend(
    step,
    { stage: 'closed', outcome, closedAt: context.now, clocks: meetAllClocks(step.case.clocks, context.now) },
    entry(context.now, 'case closed', { outcome }, by),
    { kind: 'case.closed' },
  );
  const line = context.sends === false ? undefined : creditLine(closed.case, context.now, by);
  return line === undefined ? closed : extend(closed, {}, line);
}

function reopenCase(step: CaseChange, finding: Finding, context: CaseContext): CaseChange {
  requireStage(step.case.caseId, step.case.stage, 'open', 'makewhole');
  const from = Math.max(step.case.openedAt, Date.parse(finding.at));
  const { payments, findings, accountId } = step.case;
  const about = { kinds: findings.map(({ kind }) => kind), hasBuyer: accountId !== null };
  const clocks = startClocks(from, context.clocks, placeOf(finding, payments), about);
  return extend(
    step,
    { stage: 'open', outcome: null, closedAt: null, clocks },
    entry(context.now, 'case reopened', { findingId: finding.findingId }),
    { kind: 'case.updated' },
  );
}

export function moveStage(step: CaseChange, stage: Exclude<CaseStage, 'closed'>, now: InstantMs, by = 'makewhole'): CaseChange {
  const { caseId, stage: from } = step.case;
  if (from === stage) return step;
  requireStage(caseId, from, stage, moverOf(by));
  const clocks = clocksIn(step.case, stage, now);
  const moved = clocks.filter((clock, at) => clock !== step.case.clocks[at]);
  const told = moved.map(({ name, state, dueAt }) => ({ name, state, dueAt }));
  return extend(step, { stage, clocks }, entry(now, `case ${stage}`, told.length === 0 ? {} : { clocks: told }, by));
}

/** Clocks stand still while the buyer is awaited. */
function clocksIn(subject: Case, stage: CaseStage, now: InstantMs): Case['clocks'] {
  if (stage === 'awaiting_buyer') return pauseClocks(subject.clocks, now);
  return subject.stage === 'awaiting_buyer' ? resumeClocks(subject.clocks, now, placeOfCase(subject)) : subject.clocks;
}

/** Newer facts of the payments that a case names; undefined when it names none of them or knows them already. */
export function applyFacts(subject: Case, payments: readonly PaymentFacts[]): CaseChange | undefined {
  const next = withFacts(subject, payments);
  return next === subject ? undefined : change(next, [], []);
}

function withFacts(subject: Case, payments: readonly PaymentFacts[]): Case {
  const named = paymentIdsOf(subject);
  const news = payments.filter((facts) => {
    const known = subject.payments.find(({ paymentId }) => paymentId === facts.paymentId);
    return named.has(facts.paymentId) && (known === undefined || isNews(known, facts));
  });
  if (news.length === 0) return subject;
  const kept = subject.payments.filter((known) => !news.some(({ paymentId }) => paymentId === known.paymentId));
  return { ...subject, payments: [...kept, ...news] };
}

/** Named by a finding, now or before: an action may wait for it still. */
export const paymentIdsOf = ({ findings, payments }: Case): ReadonlySet<string> =>
  new Set([...findings.flatMap(({ paymentIds }) => paymentIds), ...payments.map(({ paymentId }) => paymentId)]);

const isNews = (known: PaymentFacts, facts: PaymentFacts): boolean =>
  facts.asOf >= known.asOf && JSON.stringify(facts) !== JSON.stringify(known);

/** Marks the clocks that silence has missed; a step of the ladder that was missed leads to the next. Undefined when none is. */
export function missClocks(
  subject: Case,
  { now, clocks: settings }: Pick<CaseContext, 'now' | 'clocks'>,
): CaseChange | undefined {
  const overdue = overdueClocks(subject, now);
  if (overdue.length === 0) return undefined;
  const clocks = subject.clocks.map((clock) => (overdue.includes(clock) ? { ...clock, state: 'missed' as const } : clock));
  const lines = overdue.map(({ name, dueAt }) => entry(now, 'clock missed', { clock: name, dueAt }));
  const step = change({ ...subject, clocks }, lines, [{ kind: 'case.updated' }]);
  return overdue.some(({ name }) => isLadderStep(name)) ? escalate(step, { now, clocks: settings, by: 'makewhole' }) : step;
}

export interface Escalation {
  readonly now: InstantMs;
  readonly clocks: ClockSettings;
  readonly by: string;
  readonly reason?: string | undefined;
}

/** The next step of the ladder begins now, with its own deadline and addressee; after the last nothing begins. */
export function escalate(step: CaseChange, { now, clocks: settings, by, reason }: Escalation): CaseChange {
  const place = placeOfCase(step.case);
  const stands = rungOf(step.case, place.jurisdiction);
  if (stands?.next === undefined) return step;
  const clock = ladderClock(stands.next, now, settings, place);
  const { addressee } = stands.next;
  const data = {
    ...{ before: { step: stands.rung.step }, after: { step: clock.name }, addressee, dueAt: clock.dueAt },
    ...(reason === undefined ? {} : { why: reason }),
  };
  return extend(step, { clocks: [...step.case.clocks, clock] }, entry(now, 'case escalated', data, by));
}

export const entry = (at: InstantMs, what: string, data: CaseEntry['data'], by = 'makewhole'): CaseEntry => ({
  at,
  by,
  what,
  data,
});

export const change = (next: Case, entries: readonly CaseEntry[], notices: readonly CaseNotice[]): CaseChange => ({
  case: next,
  entries,
  notices,
});

export const extend = (step: CaseChange, patch: Partial<Case>, line: CaseEntry, notice?: CaseNotice): CaseChange => ({
  case: { ...step.case, ...patch },
  entries: [...step.entries, line],
  notices: notice === undefined ? step.notices : [...step.notices, notice],
});

/** Ends a step: its revision counts one more than the case had before, however much the step did. Undefined when it did nothing. */
export const countRevision = (before: Case | undefined, step: CaseChange): CaseChange | undefined =>
  step.case === before ? undefined : { ...step, case: { ...step.case, revision: (before?.revision ?? 0) + 1 } };

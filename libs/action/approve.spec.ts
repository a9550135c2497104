import { days, formatInstant, hours } from '#kernel/time';
import { approveAction, rejectAction } from '#action/approve';
import { stepResult } from '#action/result';
import { stepFinding } from '#action/step';
import type { ActionResult } from '#action/action';
import type { ActionState, Case } from '#case/case';
import { bothPayments, contextOf, findingOf } from '#test/money/examples';

const context = contextOf();
const asked = (): Case => stepFinding([], findingOf({ confidence: 'likely' }), bothPayments(), context).changes[0]!.case;
const idOf = (subject: Case): string => subject.actions[0]!.actionId;

describe('approval by people', () => {
  it('one other person approves, and the order goes out', () => {
    const decided = approveAction(asked(), idOf(asked()), 'alice', context);
    expect(decided).toMatchObject({
      ok: true,
      value: { action: { state: 'approved', approvedBy: ['alice'] }, order: { approvedBy: ['alice'] } },
    });
  });

  it('never the proposer, and nobody twice', () => {
    const proposed: Case = { ...asked(), actions: [{ ...asked().actions[0]!, proposedBy: 'alice', approvalsNeeded: 2 }] };
    expect(approveAction(proposed, idOf(proposed), 'alice', context)).toEqual({
      ok: false,
      error: { kind: 'proposer-cannot-approve', proposedBy: 'alice' },
    });
    const once = approveAction(proposed, idOf(proposed), 'bob', context);
    if (!once.ok) throw new Error('bob may approve');
    expect(once.value).toMatchObject({ action: { state: 'awaiting_approval' } });
    expect(once.value.order).toBeUndefined();
    expect(approveAction(once.value.change.case, idOf(proposed), 'bob', context)).toMatchObject({
      error: { kind: 'already-approved-by-you' },
    });
    expect(approveAction(once.value.change.case, idOf(proposed), 'carol', context)).toMatchObject({
      value: { action: { state: 'approved' } },
    });
  });

  it('guards are asked again with what is known now', () => {
    const later: Case = { ...asked(), payments: bothPayments({ chargebackOpen: true }) };
    expect(approveAction(later, idOf(later), 'alice', context)).toMatchObject({
      value: { guard: 'open-chargeback', action: { state: 'refused', guard: 'open-chargeback' } },
    });
  });

  it('nobody approves the refund of a payment that the case knows nothing of; once its facts came it goes out', () => {
    const blind = stepFinding([], findingOf({ confidence: 'likely' }), [], context).changes[0]!.case;
    const { paymentId } = blind.actions[0]!;
    expect(approveAction(blind, idOf(blind), 'alice', context)).toEqual({
      ok: false,
      error: { kind: 'unknown-payment', paymentId },
    });
    expect(rejectAction(blind, idOf(blind), 'alice', 'two orders', context).ok).toBe(true);
    const other: Case = { ...blind, payments: bothPayments().filter((facts) => facts.paymentId !== paymentId) };
    expect(approveAction(other, idOf(other), 'alice', context).ok).toBe(false);
    const known: Case = { ...blind, payments: bothPayments() };
    expect(approveAction(known, idOf(known), 'alice', context)).toMatchObject({ value: { action: { state: 'approved' } } });
  });

  it('a freeze lasts from its approval, however long it waited', () => {
    const { orderId: _order, ...about } = findingOf({
      kind: 'insider-abuse',
      accountId: null,
      scope: { kind: 'operator', key: 'clerk-4' },
      paymentIds: [],
    });
    const waiting = stepFinding([], about, [], context).changes[0]!.case;
    const later = { ...context, now: context.now + days(5) };
    const until = later.now + hours(context.policy.freezeHours);
    expect(approveAction(waiting, idOf(waiting), 'alice', later)).toMatchObject({
      value: { action: { kind: 'freeze', state: 'approved', until }, order: { until: formatInstant(until) } },
    });
  });

  it('a step-up needs no payment', () => {
    const action = { ...asked().actions[0]!, kind: 'step_up' as const, paymentId: 'elsewhere' };
    const subject: Case = { ...asked(), payments: [], actions: [action] };
    expect(approveAction(subject, idOf(subject), 'alice', context).ok).toBe(true);
  });

  it('a refusal stands: neither approval nor policy brings it back', () => {
    const rejected = rejectAction(asked(), idOf(asked()), 'alice', 'two orders', context);
    if (!rejected.ok) throw new Error('alice may reject');
    const subject = rejected.value.change.case;
    expect(approveAction(subject, idOf(subject), 'bob', context)).toEqual({
      ok: false,
      error: { kind: 'not-awaiting-approval', state: 'refused' },
    });
    const again = stepFinding([subject], findingOf(), bothPayments(), context);
    expect(again.orders).toEqual([]);
    expect(again.changes[0]!.case.actions).toHaveLength(1);
  });
});

describe('results of actions', () => {
  const sent = (): Case => stepFinding([], findingOf(), bothPayments(), context).changes[0]!.case;
  const result = (state: ActionState, patch: Partial<ActionResult> = {}): ActionResult => {
    const { actionId, key, kind } = sent().actions[0]!;
    return { actionId, key, kind, caseId: sent().caseId, accountId: 'buyer-1', state, at: '2026-06-01T10:01:00Z', ...patch };
  };

  it('confirmed money stops the clock of payment and is told', () => {
    const change = stepResult(sent(), result('confirmed', { reference: 're-1' }), context)!;
    expect(change.case.actions).toMatchObject([{ state: 'confirmed', reference: 're-1' }]);
    expect(change.case.clocks).toContainEqual(expect.objectContaining({ name: 'pay', state: 'met' }));
    expect(change.notices).toEqual([{ kind: 'action.confirmed', actionId: result('confirmed').actionId }]);
  });

  it('a result told twice, or older than what is known, changes nothing', () => {
    const confirmed = stepResult(sent(), result('confirmed'), context)!.case;
    expect(stepResult(confirmed, result('confirmed'), context)).toBeUndefined();
    expect(stepResult(confirmed, result('sent'), context)).toBeUndefined();
    expect(stepResult(confirmed, result('unknown'), context)).toBeUndefined();
    expect(stepResult(confirmed, result('confirmed', { actionId: 'other' }), context)).toBeUndefined();
  });

  it('the confirmation that comes after the ledger healed the case turns healed into made whole', () => {
    const unknown = stepResult(sent(), result('unknown'), context)!.case;
    const healed = stepFinding([unknown], findingOf({ status: 'cleared' }), [], context).changes[0]!.case;
    expect(healed.outcome).toBe('healed');
    expect(stepResult(healed, result('confirmed'), context)!.case.outcome).toBe('made_whole');
  });
});

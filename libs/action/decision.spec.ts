import fc from 'fast-check';
import { ownerOf } from '#action/case-book';
import { type DecisionRecord, differencesOf, replayDecision, uncounted } from '#action/decision';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { stepMessage } from '#action/step';
import type { Case } from '#case/case';
import type { FindingMessage } from '#detection/finding';
import { anyMessages } from '#test/casework/finding-messages';
import { runs } from '#test/laws/runs';
import { bothPayments, contextOf, findingOf } from '#test/money/examples';

const policy: Policy = {
  ...defaultPolicy,
  velocity: [{ per: 'currency', minutes: 60, countMax: 3 }],
  rules: defaultPolicy.rules.map((rule) => (rule.decision === 'act' ? { ...rule, buyer: { casesMax: 1 } } : rule)),
};
const asking: Policy = {
  ...policy,
  version: 'asking',
  rules: defaultPolicy.rules.map((rule) => (rule.decision === 'act' ? { ...rule, decision: 'ask' } : rule)),
};

/** What is decided while messages come in, with spent sums, standings and a breaker that change from one to the next. */
function decide(messages: readonly FindingMessage[]): readonly DecisionRecord[] {
  const byOwner = new Map<string, readonly Case[]>();
  return messages.flatMap((message, at) => {
    const cases = byOwner.get(ownerOf(message)) ?? [];
    const step = stepMessage(
      cases,
      message,
      contextOf({
        policy,
        spentMinor: () => at * 50_000,
        spentOn: () => ({ count: at % 5, minor: {} }),
        breakerOpen: at % 7 === 0,
        isBehind: () => at % 3 === 0,
        standingOf: () => ({ buyer: { knownDays: at, cases: at % 3, confirmed: 0, refused: 0 } }),
      }),
    );
    const changed = new Map(step.changes.map((one) => [one.case.caseId, one.case]));
    byOwner.set(ownerOf(message), [...cases.filter(({ caseId }) => !changed.has(caseId)), ...changed.values()]);
    return step.changes.flatMap(({ decision }) => decision ?? []);
  });
}

describe('a decision on record', () => {
  it('comes out the same under its own version, also after it was stored as JSON', () => {
    fc.assert(
      fc.property(anyMessages, (messages) => {
        for (const { input, actions, policyVersion } of decide(messages)) {
          const stored = JSON.parse(JSON.stringify(input)) as typeof input;
          expect(policyVersion).toBe(policy.version);
          expect(differencesOf(actions, replayDecision(stored, policy))).toEqual([]);
          expect(JSON.stringify(replayDecision(stored, policy))).toBe(JSON.stringify(actions));
          expect(replayDecision(stored, asking).map(({ state }) => state)).not.toContain('approved');
        }
      }),
      runs(40),
    );
  });

  it('under another version shows what that one would do', () => {
    const step = stepMessage([], { type: 'finding', finding: findingOf(), payments: bothPayments() }, contextOf());
    const { input, actions } = step.changes[0]!.decision!;
    expect(differencesOf(actions, replayDecision(input, asking))).toMatchObject([
      { recorded: { state: 'approved', approvalsNeeded: 0 }, replayed: { state: 'awaiting_approval', approvalsNeeded: 1 } },
    ]);
    const stopped = { ...defaultPolicy, killSwitch: ['refund'] as const };
    expect(differencesOf(actions, replayDecision(input, stopped))).toMatchObject([{ replayed: { guard: 'kill-switch' } }]);
    expect(differencesOf(actions, replayDecision(input, { ...defaultPolicy, rules: [] }))).toMatchObject([{ replayed: null }]);
    expect(uncounted(input, asking)).toEqual(asking.velocity);
  });

  it('is there for what is only watched, too, and not for news that decide nothing', () => {
    const watched = findingOf({ kind: 'balance-differs' });
    const opened = stepMessage([], { type: 'finding', finding: watched, payments: [] }, contextOf());
    expect(opened.changes[0]!.decision).toMatchObject({ policyVersion: 'default-3', actions: [] });
    const changed = { ...watched, eventIds: ['more'] };
    const later = stepMessage([opened.changes[0]!.case], { type: 'finding', finding: changed, payments: [] }, contextOf());
    expect(later.changes[0]!.decision).toBeUndefined();
  });
});

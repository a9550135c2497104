import type { InstantMs } from '#kernel/time';
import { decideActions } from '#action/decide';
import type { DecideContext } from '#action/hold';
import type { Policy } from '#action/policy';
import { merchantOf, type Standing } from '#action/standing';
import { nothingSpent, type Spent, type VelocityLimit } from '#action/velocity';
import { perDayOf } from '#case/accruals';
import type { ActionView, Case } from '#case/case';

/** What went out under one limit, by its key. */
interface Counted extends Pick<VelocityLimit, 'per' | 'minutes'> {
  readonly key: string;
  readonly spent: Spent;
}

/** All that a decision saw: with a policy it decides the same again, whenever and wherever. */
export interface DecisionInput {
  readonly at: InstantMs;
  /** As it was right before. */
  readonly case: Case;
  readonly elsewhere: readonly ActionView[];
  readonly isBehind: boolean;
  readonly breakerOpen: boolean;
  readonly spentMinor: Readonly<Record<string, number>>;
  readonly counted: readonly Counted[];
  /** By finding. */
  readonly standings: Readonly<Record<string, Standing>>;
}

/** A decision as it was made. */
export interface DecisionRecord {
  readonly policyVersion: string;
  readonly input: DecisionInput;
  /** What was decided; none where everything is watched or done already. */
  readonly actions: readonly ActionView[];
}

export function decisionInput(subject: Case, context: DecideContext): DecisionInput {
  const { now, policy, standingOf, spentOn = () => nothingSpent } = context;
  const { findings } = subject;
  const currencies = [
    ...new Set(findings.flatMap((finding) => [finding.loss?.currency, perDayOf(finding)?.amount.currency].filter(isNamed))),
  ];
  const merchants = [...new Set(findings.flatMap((finding) => merchantOf(finding) ?? []))];
  const keysOf = ({ per }: VelocityLimit) => (per === 'operator' ? [] : per === 'currency' ? currencies : merchants);
  return {
    at: now,
    case: subject,
    elsewhere: context.elsewhere ?? [],
    isBehind: context.isBehind?.(subject) === true,
    breakerOpen: context.breakerOpen === true,
    spentMinor: Object.fromEntries(currencies.map((currency) => [currency, context.spentMinor(currency)])),
    counted: policy.velocity.flatMap((limit) =>
      keysOf(limit).map((key) => ({ per: limit.per, minutes: limit.minutes, key, spent: spentOn(limit, key) })),
    ),
    standings:
      standingOf === undefined
        ? {}
        : Object.fromEntries(findings.map((finding) => [finding.findingId, standingOf(subject, finding)])),
  };
}

const isNamed = (currency: string | undefined): currency is string => currency !== undefined;

/** What a policy decides of the same. */
export const replayDecision = (input: DecisionInput, policy: Policy): readonly ActionView[] =>
  decideActions(input.case, {
    policy,
    now: input.at,
    elsewhere: input.elsewhere,
    isBehind: () => input.isBehind,
    breakerOpen: input.breakerOpen,
    spentMinor: (currency) => input.spentMinor[currency] ?? 0,
    spentOn: (limit, key) => countedUnder(input, limit, key)?.spent ?? nothingSpent,
    standingOf: (_subject, { findingId }) => input.standings[findingId] ?? {},
  });

/** Limits of a policy that nobody counted when it was decided: a replay takes nothing to have gone out under them. */
export const uncounted = ({ counted }: DecisionInput, { velocity }: Policy): readonly VelocityLimit[] =>
  velocity.filter(
    (limit) => limit.per !== 'operator' && !counted.some(({ per, minutes }) => per === limit.per && minutes === limit.minutes),
  );

const countedUnder = ({ counted }: DecisionInput, limit: VelocityLimit, wanted: string): Counted | undefined =>
  counted.find(({ per, minutes, key }) => per === limit.per && minutes === limit.minutes && key === wanted);

/** What of an action two policies may see otherwise. */
export type Deed = Pick<
  ActionView,
  'findingId' | 'kind' | 'accrual' | 'paymentId' | 'amount' | 'state' | 'guard' | 'approvalsNeeded'
>;

export interface Difference {
  readonly recorded: Deed | null;
  readonly replayed: Deed | null;
}

/** Actions that are not the same on both sides; empty when the policies agree. */
export function differencesOf(recorded: readonly ActionView[], replayed: readonly ActionView[]): readonly Difference[] {
  const [before, after] = [new Map(recorded.map(asEntry)), new Map(replayed.map(asEntry))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((key): Difference => ({ recorded: before.get(key) ?? null, replayed: after.get(key) ?? null }))
    .filter((one) => JSON.stringify(one.recorded) !== JSON.stringify(one.replayed));
}

const asEntry = (action: ActionView): readonly [string, Deed] => [action.actionId, deedOf(action)];

export const deedOf = ({ findingId, kind, accrual, paymentId, amount, state, guard, approvalsNeeded }: ActionView): Deed => ({
  findingId,
  kind,
  ...(accrual === undefined ? {} : { accrual }),
  ...(paymentId === undefined ? {} : { paymentId }),
  ...(amount === undefined ? {} : { amount }),
  state,
  ...(guard === undefined ? {} : { guard }),
  approvalsNeeded,
});

import type { Money } from '#kernel/money';
import type { ActionKind } from '#case/case';
import type { Snooze } from '#case/suppression';
import type { Confidence, Finding, FindingKind } from '#detection/finding';

export const decisions = ['act', 'ask', 'watch'] as const;
export type Decision = (typeof decisions)[number];

/** For findings of these kinds and confidences, up to an amount: do this, or ask a person first, or only watch. */
export interface PolicyRule {
  readonly kinds: readonly FindingKind[];
  readonly confidence: readonly Confidence[];
  /** Minor units by currency; a finding with a larger loss, or one in a currency not named, goes on to the next rule. */
  readonly upTo?: Readonly<Record<string, number>>;
  readonly decision: Decision;
  /** What is done; `watch` does nothing. */
  readonly action?: ActionKind;
  /** What is done beside it, under the same decision; nothing that moves money. */
  readonly also?: readonly ActionKind[];
}

/** Minor units by currency, and for a currency that is not named. */
export interface MinorByCurrency {
  readonly minor: Readonly<Record<string, number>>;
  readonly otherwise: number;
}

/** Who may do what with which money. Rules are tried in order, the first that fits decides; where none fits, watch. */
export interface Policy {
  readonly version: string;
  readonly rules: readonly PolicyRule[];
  /** An amount above this waits for so many people other than the proposer. */
  readonly fourEyes: { readonly above: MinorByCurrency; readonly people: number };
  /** What may go out in any hour. */
  readonly budgetPerHour: MinorByCurrency;
  /** Kinds of action that are stopped. */
  readonly killSwitch: readonly ActionKind[];
  /** Decide and record, send nothing. */
  readonly dryRun: boolean;
  /** A freeze that we order ends by itself after this time. */
  readonly freezeHours: number;
  /** No refund of a direct debit before. Source: Mangopay, facts.md. */
  readonly directDebitDays: number;
  /** Kinds that are expected of one buyer or merchant until an instant. */
  readonly snoozes: readonly Snooze[];
}

export const movesMoney = (kind: ActionKind): boolean => kind === 'refund' || kind === 'void' || kind === 'compensate';

export const limitOf = (limits: MinorByCurrency, currency: string): number => limits.minor[currency] ?? limits.otherwise;

export const exceeds = (limits: MinorByCurrency, amount: Money): boolean => amount.minor > limitOf(limits, amount.currency);

/**
 * What the policy says to a finding. Money moves by itself only on a `certain` finding, and nothing happens on a `possible` one or
 * on one in shadow, whatever the document says.
 */
export function decisionFor(
  policy: Policy,
  finding: Finding,
): { readonly decision: Decision; readonly actions: readonly ActionKind[] } {
  const rule = policy.rules.find((candidate) => fits(candidate, finding));
  if (rule?.action === undefined || rule.decision === 'watch' || !isActedOn(finding)) return { decision: 'watch', actions: [] };
  const decision = rule.decision === 'act' && movesMoney(rule.action) && finding.confidence !== 'certain' ? 'ask' : rule.decision;
  return { decision, actions: [rule.action, ...(rule.also ?? [])] };
}

const isActedOn = ({ confidence, mode }: Finding): boolean => confidence !== 'possible' && mode !== 'shadow';

function fits(rule: PolicyRule, finding: Finding): boolean {
  if (!rule.kinds.includes(finding.kind) || !rule.confidence.includes(finding.confidence)) return false;
  if (rule.upTo === undefined || finding.loss === null) return true;
  return finding.loss.minor <= (rule.upTo[finding.loss.currency] ?? -1);
}

import type { Money } from '#kernel/money';
import type { BreakerSettings } from '#action/breaker';
import type { Listing } from '#action/listing';
import { type BuyerCondition, meetsBuyer, meetsMerchant, type MerchantCondition, type Standing } from '#action/standing';
import type { VelocityLimit } from '#action/velocity';
import type { AccrualKind, ActionKind, ActionView } from '#case/case';
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
  /** Only for a buyer, and about a merchant, of such a standing; any other goes on to the next rule. */
  readonly buyer?: BuyerCondition;
  readonly merchant?: MerchantCondition;
  readonly decision: Decision;
  /** What is done; `watch` does nothing. */
  readonly action?: ActionKind;
  /** What is done beside it, under the same decision; nothing that moves money. */
  readonly also?: readonly ActionKind[];
}

/** What is done about something that the law adds; nothing where no rule names it. */
export interface AccrualRule {
  readonly kind: AccrualKind;
  readonly decision: Decision;
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
  readonly accruals: readonly AccrualRule[];
  /** An amount above this waits for so many people other than the proposer. */
  readonly fourEyes: { readonly above: MinorByCurrency; readonly people: number };
  /** What may go out in any hour. */
  readonly budgetPerHour: MinorByCurrency;
  /** What may go out for a merchant, for a person's approvals, in a currency; beside the budget of the hour. */
  readonly velocity: readonly VelocityLimit[];
  /** Whose money does not move. */
  readonly deny: readonly Listing[];
  /** Of whom rules ask no standing, and whom an open breaker does not hold up. Limits, guards and four eyes hold for them, too. */
  readonly allow: readonly Listing[];
  /** What is usual; beyond it everything asks. */
  readonly breaker: BreakerSettings;
  /** Kinds of action that are stopped, and kinds of finding for which nothing is done. */
  readonly killSwitch: readonly (ActionKind | FindingKind)[];
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

/** Money towards the loss itself; what is paid for its delay comes on top. */
export const isOfLoss = ({ kind, accrual }: Pick<ActionView, 'kind' | 'accrual'>): boolean =>
  movesMoney(kind) && accrual !== 'daily-compensation';

export const limitOf = (limits: MinorByCurrency, currency: string): number => limits.minor[currency] ?? limits.otherwise;

export const exceeds = (limits: MinorByCurrency, amount: Money): boolean => amount.minor > limitOf(limits, amount.currency);

/** What is known around a finding when it is decided about. */
export interface Situation {
  readonly standing?: Standing;
  /** Named by the allow list. */
  readonly isAllowed?: boolean;
  readonly breakerOpen?: boolean;
}

/**
 * What the policy says to a finding. Money moves by itself only on a `certain` finding, and nothing happens on a `possible` one or
 * on one in shadow, whatever the document says.
 */
export function decisionFor(
  policy: Policy,
  finding: Finding,
  situation: Situation = {},
): { readonly decision: Decision; readonly actions: readonly ActionKind[] } {
  const rule = policy.rules.find((candidate) => fits(candidate, finding, situation));
  if (rule?.action === undefined || rule.decision === 'watch' || !isActedOn(finding)) return { decision: 'watch', actions: [] };
  const uncertain = movesMoney(rule.action) && finding.confidence !== 'certain';
  const decision = rule.decision === 'act' && (uncertain || isHeldUp(situation)) ? 'ask' : rule.decision;
  return { decision, actions: [rule.action, ...(rule.also ?? [])] };
}

/** What the policy says to what the law adds to a finding's loss, under the same conditions. */
export function accrualDecisionFor(
  { accruals }: Policy,
  accrual: AccrualKind,
  finding: Finding,
  situation: Situation = {},
): Decision {
  const decision = accruals.find(({ kind }) => kind === accrual)?.decision ?? 'watch';
  if (!isActedOn(finding)) return 'watch';
  return decision === 'act' && (finding.confidence !== 'certain' || isHeldUp(situation)) ? 'ask' : decision;
}

const isHeldUp = ({ breakerOpen, isAllowed }: Situation): boolean => breakerOpen === true && isAllowed !== true;

const isActedOn = ({ confidence, mode }: Finding): boolean => confidence !== 'possible' && mode !== 'shadow';

function fits({ kinds, confidence, upTo, buyer, merchant }: PolicyRule, finding: Finding, situation: Situation): boolean {
  if (!kinds.includes(finding.kind) || !confidence.includes(finding.confidence)) return false;
  const { standing = {}, isAllowed = false } = situation;
  if (!isAllowed && buyer !== undefined && !meetsBuyer(buyer, standing.buyer)) return false;
  if (!isAllowed && merchant !== undefined && !meetsMerchant(merchant, standing.merchant)) return false;
  if (upTo === undefined || finding.loss === null) return true;
  return finding.loss.minor <= (upTo[finding.loss.currency] ?? -1);
}

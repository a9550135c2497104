import type { Money } from '#kernel/money';
import { days, type InstantMs } from '#kernel/time';
import type { AccrualKind, ActionKind } from '#case/case';
import { type Beside, nothingBeside } from '#action/beside';
import { listingOf, type Whom } from '#action/listing';
import { roomMinor } from '#action/payment-money';
import { isOfLoss, limitOf, movesMoney, type Policy } from '#action/policy';
import { exceededBy, nothingSpent, type VelocityCount } from '#action/velocity';
import type { FindingKind, PaymentFacts } from '#detection/finding';

export const guardNames = [
  'kill-switch',
  'deny-list',
  'open-chargeback',
  'already-voided',
  'already-refunded',
  'already-compensated',
  'credited',
  'not-settled',
  'refund-pending',
  'exceeds-captured',
  'exceeds-authorised',
  'exceeds-accrued',
  'direct-debit',
  'budget',
  'velocity',
  'dry-run',
  'loss-healed',
  'loss-changed',
  'decision-changed',
  'unknown-payment',
  'stale-facts',
] as const;
export type GuardName = (typeof guardNames)[number];

export type GuardPolicy = Pick<Policy, 'killSwitch' | 'deny' | 'budgetPerHour' | 'velocity' | 'directDebitDays' | 'dryRun'>;

/** All that a guard may look at. It is the same at the decision and again, with the newest facts, before the call. */
export interface GuardInput {
  readonly kind: ActionKind;
  readonly amount?: Money;
  /** What a compensation pays, and what accrued of it by the facts. */
  readonly accrual?: AccrualKind;
  readonly owedMinor?: number;
  readonly findingKind?: FindingKind;
  readonly facts?: PaymentFacts;
  /** Held by our other actions on this payment, in its currency. */
  readonly reservedMinor: number;
  /** Absent: nothing. */
  readonly beside?: Beside;
  /** Gone out within the hour before `now`, in the amount's currency. */
  readonly spentMinor: number;
  /** Whom lists may name. */
  readonly whom?: Whom;
  /** The people who approved it; none where policy acts alone. */
  readonly operators?: readonly string[];
  /** What went out under each limit before this. Absent: nothing. */
  readonly spentOn?: VelocityCount;
  readonly policy: GuardPolicy;
  readonly now: InstantMs;
}

type Guard = (input: GuardInput) => boolean;

/** The first guard that stops the action, or undefined. Their order is the order in which a person would want to hear. */
export const firstGuard = (input: GuardInput): GuardName | undefined => ordered.find(([, stops]) => stops(input))?.[0];

const killSwitch: Guard = ({ kind, findingKind, policy }) =>
  policy.killSwitch.includes(kind) || (findingKind !== undefined && policy.killSwitch.includes(findingKind));

const denyList: Guard = ({ kind, whom, policy, now }) =>
  movesMoney(kind) && whom !== undefined && listingOf(policy.deny, whom, now) !== undefined;

/** Mastercard and others: a refund after the chargeback began is paid twice. */
const openChargeback: Guard = ({ kind, facts }) => movesMoney(kind) && facts?.chargebackOpen === true;

const alreadyVoided: Guard = (input) => isOfLoss(input) && input.facts?.voided === true;

const alreadyRefunded: Guard = ({ kind, accrual, facts, beside = nothingBeside }) =>
  (accrual === 'provisional-credit' && beside.refund) ||
  (kind === 'refund' &&
    facts !== undefined &&
    facts.capturedMinor > 0 &&
    facts.refundedMinor + facts.chargedBackMinor >= facts.capturedMinor);

const alreadyCompensated: Guard = ({ accrual, beside = nothingBeside }) =>
  accrual === 'daily-compensation' && beside.compensation;

/** A provisional credit of the payment is out, or may be: it becomes final, nothing is paid beside it. */
const credited: Guard = (input) => isOfLoss(input) && input.beside?.credit === true;

/** What is captured and not settled is voided, as a whole; a part of it has to wait. `unknown` where the provider never says. */
const notSettled: Guard = ({ kind, facts }) => kind === 'refund' && facts?.settled === 'no';

/** The loss is a refund that has not come: while that one may still come, another would pay twice, and so would any credit. */
const refundPending: Guard = ({ kind, accrual, facts, findingKind }) =>
  (accrual === 'provisional-credit' ||
    (kind === 'refund' && (findingKind === 'refund-overdue' || findingKind === 'refund-failed'))) &&
  (facts?.refundPendingMinor ?? 0) > 0;

/** A credit is of money that was taken: of a hold nothing is credited, it is released. */
const exceedsCaptured: Guard = ({ kind, accrual, facts, amount, reservedMinor }) =>
  (kind === 'refund' || accrual === 'provisional-credit' || (kind === 'void' && (facts?.capturedMinor ?? 0) > 0)) &&
  facts !== undefined &&
  (amount === undefined || amount.currency !== facts.currency || amount.minor > roomMinor(facts, reservedMinor));

/** A hold is released as far as it was authorised, once. */
const exceedsAuthorised: Guard = ({ kind, facts, amount, reservedMinor }) =>
  kind === 'void' &&
  facts !== undefined &&
  facts.capturedMinor === 0 &&
  facts.authorisedMinor > 0 &&
  (amount?.minor ?? 0) + reservedMinor > facts.authorisedMinor;

/** A delay is paid for as far as it went. What pays for nothing that accrued is not paid. */
const exceedsAccrued: Guard = ({ kind, accrual, amount, owedMinor = 0 }) =>
  kind === 'compensate' && accrual !== 'provisional-credit' && (amount === undefined || amount.minor > owedMinor);

const directDebitSchemes: readonly string[] = ['sepa_debit', 'bacs', 'becs', 'ach'];

const directDebit: Guard = ({ kind, facts, policy, now }) =>
  kind === 'refund' &&
  directDebitSchemes.includes(facts?.instrument?.scheme ?? '') &&
  facts?.capturedAt !== undefined &&
  now < facts.capturedAt + days(policy.directDebitDays);

/** Releasing a hold costs nothing; money that was captured does. */
const budget: Guard = ({ kind, amount, facts, spentMinor, policy }) =>
  spends(kind, facts) && amount !== undefined && spentMinor + amount.minor > limitOf(policy.budgetPerHour, amount.currency);

const velocity: Guard = ({ kind, amount, facts, whom, operators = [], spentOn, policy }) =>
  spends(kind, facts) &&
  amount !== undefined &&
  exceededBy(policy.velocity, { amount, merchantId: whom?.merchantId, operators }, spentOn ?? (() => nothingSpent)) !== undefined;

export const spends = (kind: ActionKind, facts: PaymentFacts | undefined): boolean =>
  movesMoney(kind) && (kind !== 'void' || facts === undefined || facts.capturedMinor > 0);

const dryRun: Guard = ({ policy }) => policy.dryRun;

const ordered: readonly (readonly [GuardName, Guard])[] = [
  ['kill-switch', killSwitch],
  ['deny-list', denyList],
  ['open-chargeback', openChargeback],
  ['already-voided', alreadyVoided],
  ['already-refunded', alreadyRefunded],
  ['already-compensated', alreadyCompensated],
  ['credited', credited],
  ['not-settled', notSettled],
  ['refund-pending', refundPending],
  ['exceeds-captured', exceedsCaptured],
  ['exceeds-authorised', exceedsAuthorised],
  ['exceeds-accrued', exceedsAccrued],
  ['direct-debit', directDebit],
  ['budget', budget],
  ['velocity', velocity],
  ['dry-run', dryRun],
];

import type { Money } from '#kernel/money';
import { standingBeside } from '#action/beside';
import { type Remedy, spread } from '#action/remedy';
import type { ActionView, CaseChange } from '#case/case';
import { CREDIT_RULE } from '#case/accruals';
import { creditsOut } from '#case/credit';
import { type CaseContext, closeCase, isEnded, outcomeOf } from '#case/life';
import { lossOfCase } from '#case/loss';
import type { Finding, PaymentFacts } from '#detection/finding';

export const credit = { kind: 'compensate', accrual: 'provisional-credit' } as const;

/** A credit is of the payments that a refund would be of, one each; of a loss without a payment people credit by hand. */
export const creditsFor = (
  finding: Finding,
  missing: Money,
  payments: readonly PaymentFacts[],
  actions: readonly ActionView[],
): readonly Remedy[] =>
  finding.paymentIds.length === 0
    ? []
    : spread(finding, missing, payments, standingBeside(actions, credit)).map((part) => ({
        ...credit,
        ...part,
        rule: CREDIT_RULE,
      }));

/** A person or the platform said no, or it failed: people propose what comes next. */
export const isRefusedCredit = ({ findingId }: Finding, actions: readonly ActionView[]): boolean =>
  actions.some(
    (action) =>
      action.accrual === credit.accrual &&
      action.findingId === findingId &&
      (action.state === 'failed' || (action.state === 'refused' && action.guard === undefined)),
  );

/** A credit that is not out after all leaves nothing to reverse: a case that healed meanwhile is over. */
export function endHealed(step: CaseChange, context: Pick<CaseContext, 'now'>): CaseChange {
  const { case: held } = step;
  return held.stage !== 'closed' && isEnded(held) ? closeCase(step, outcomeOf(held), context) : step;
}

/** Where the loss still stands when the time to resolve it is over, what was credited is the buyer's for good. */
export function endCredited(step: CaseChange, context: Pick<CaseContext, 'now'>): CaseChange {
  const { case: held } = step;
  const isLate = held.clocks.some(({ name, state }) => name === 'resolve' && state === 'missed');
  return held.stage !== 'closed' && isLate && isCredited(held) ? closeCase(step, 'made_whole', context) : step;
}

/** All that is missing was credited, and has arrived. */
function isCredited(held: CaseChange['case']): boolean {
  const confirmed = creditsOut(held).filter(({ state }) => state === 'confirmed');
  const losses = lossOfCase(held);
  const creditedIn = (wanted: string): number =>
    confirmed.reduce((sum, { amount }) => (amount?.currency === wanted ? sum + amount.minor : sum), 0);
  return losses.length > 0 && losses.every(({ minor, currency }) => minor <= creditedIn(currency));
}

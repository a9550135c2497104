import type { ActionRow } from '#apps/makewhole/verify/actions';
import { violation, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditDatabase } from '#apps/makewhole/verify/sources';

export interface JudgedCredits {
  readonly violations: readonly Violation[];
  /** Credits that their cases left to people, because the loss healed or the case was decided against the buyer. */
  readonly leftToPeople: ReadonlySet<string>;
}

const everyLine = `
  SELECT jsonb_array_elements_text(data -> 'actionIds') AS action_id FROM casework.case_entry
  WHERE what IN ('credited and healed', 'credit to reverse')`;

/** Findings as their cases know them: a case that has not heard of the end of its loss yet is not judged. */
const everyHealed = `
  SELECT action.action_id FROM casework.action JOIN casework.cases USING (case_id),
    json_array_elements(cases.document -> 'findings') AS finding
  WHERE action.document ->> 'accrual' = 'provisional-credit' AND finding ->> 'status' = 'cleared'
    AND finding ->> 'findingId' = action.document ->> 'findingId'`;

/**
 * A provisional credit is money of its payment: once, and beside no refund of ours. Where its loss healed by itself, people were told.
 * @param actions those that hold money
 * @param isShown whether the log shows the credit as a refund of the platform
 */
export async function judgeCredits(
  database: AuditDatabase,
  actions: readonly ActionRow[],
  isShown: (action: ActionRow) => boolean,
): Promise<JudgedCredits> {
  const credits = actions.filter(({ accrual }) => accrual === 'provisional-credit');
  if (credits.length === 0) return { violations: [], leftToPeople: new Set() };
  const idsOf = async (sql: string) => new Set((await database.query<{ action_id: string }>(sql)).map(({ action_id: id }) => id));
  const leftToPeople = await idsOf(everyLine);
  const healed = await idsOf(everyHealed);
  const violations = credits.flatMap((credit) => {
    const { action_id: id, payment_id: paymentId } = credit;
    const beside = actions.filter((other) => other.action_id !== id && other.payment_id === paymentId);
    const refunds = beside.filter(({ kind }) => kind === 'refund' || kind === 'void');
    const twice = beside.filter(({ accrual }) => accrual === 'provisional-credit');
    return [
      ...(refunds.length > 0 ? [violation('a refund of ours stands beside a provisional credit', { credit, refunds })] : []),
      ...(twice.length > 0 ? [violation('a payment is credited twice', { credit, twice })] : []),
      ...(healed.has(id) && !leftToPeople.has(id) && !isShown(credit)
        ? [violation('what was credited has healed, and people were not told', { credit })]
        : []),
    ];
  });
  return { violations, leftToPeople };
}

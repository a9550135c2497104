import type { AuditDatabase } from '#apps/makewhole/verify/sources';

/** An action as casework keeps it. */
export interface ActionRow {
  readonly action_id: string;
  readonly key: string;
  readonly case_id: string;
  readonly account_id: string | null;
  readonly kind: string;
  readonly state: string;
  readonly payment_id: string | null;
  readonly amount_minor: number | null;
  readonly currency: string | null;
  readonly policy_version: string;
  readonly proposed_by: string;
  /** Null while nobody has approved it. */
  readonly approved_at_ms: number | null;
  /** The finding that it answers. */
  readonly finding_id: string;
  /** What a compensation pays; null for everything else. */
  readonly accrual: string | null;
}

const everyAction = `
  SELECT action_id, key, case_id, account_id, kind, state, payment_id, amount_minor, currency, policy_version, proposed_by,
    approved_at_ms, document ->> 'findingId' AS finding_id, document ->> 'accrual' AS accrual
  FROM casework.action ORDER BY proposed_at_ms, action_id`;

export const readActions = (database: AuditDatabase): Promise<readonly ActionRow[]> => database.query<ActionRow>(everyAction);

import type { ActionView, Case } from '#case/case';
import type { Query } from '#apps/casework/store/query';
import type { Store } from '#apps/casework/store/store';
import type { KeyRing } from '#apps/casework/vault/key-ring';
import { sealAction } from '#apps/casework/vault/sealed-document';

/** An action that is new or changed, with the case that holds it. */
export interface ActionWrite {
  readonly action: ActionView;
  readonly before: ActionView | undefined;
  readonly case: Case;
}

/** The actions of changed cases that changed themselves; one that only went from one of them to another did not. */
export function changedActions(
  writes: readonly { readonly before: Case | undefined; readonly case: Case }[],
): readonly ActionWrite[] {
  const earlier = new Map(writes.flatMap(({ before }) => (before?.actions ?? []).map((action) => [action.actionId, action])));
  return writes.flatMap(({ case: held }) =>
    held.actions
      .map((action) => ({ action, case: held, before: earlier.get(action.actionId) }))
      .filter((write) => write.before !== write.action),
  );
}

/** Stores actions and who approved them. The times of proposal and approval are those of the first write that shows them. */
export async function writeActions(db: Store, writes: readonly ActionWrite[], now: number): Promise<void> {
  if (writes.length === 0) return;
  const keys = await db.keysOf(
    writes.map(({ case: { accountId } }) => accountId),
    'sealing',
  );
  await db.query(
    `INSERT INTO casework.action AS held (action_id, key, case_id, account_id, kind, state, payment_id, amount_minor, currency,
       guard, policy_version, proposed_by, proposed_at_ms, approved_at_ms, changed_at_ms, document, sealed)
     SELECT action_id, key, case_id, account_id, kind, state, payment_id, amount_minor, currency,
       guard, policy_version, proposed_by, $2, CASE WHEN state = 'approved' THEN $2::bigint END, $2, document, sealed
     FROM json_to_recordset($1::json) AS next(action_id text, key text, case_id text, account_id text, kind text, state text,
       payment_id text, amount_minor bigint, currency text, guard text, policy_version text, proposed_by text, document json, sealed text)
     ON CONFLICT (action_id) DO UPDATE SET state = excluded.state, guard = excluded.guard, document = excluded.document, sealed = excluded.sealed,
       policy_version = excluded.policy_version, changed_at_ms = excluded.changed_at_ms,
       approved_at_ms = coalesce(held.approved_at_ms, excluded.approved_at_ms)`,
    [JSON.stringify(writes.map((write) => asRow(write, keys))), now],
  );
  await writeApprovals(db, writes, now);
}

const asRow = ({ action, case: held }: ActionWrite, keys: KeyRing) => ({
  action_id: action.actionId,
  key: action.key,
  case_id: held.caseId,
  account_id: held.accountId,
  kind: action.kind,
  state: action.state,
  payment_id: action.paymentId ?? null,
  amount_minor: action.amount?.minor ?? null,
  currency: action.amount?.currency ?? null,
  guard: action.guard ?? null,
  policy_version: action.policyVersion,
  proposed_by: action.proposedBy,
  ...sealAction(keys, held.accountId, action),
});

async function writeApprovals(db: Query, writes: readonly ActionWrite[], now: number): Promise<void> {
  const rows = writes.flatMap(({ action, before }) =>
    action.approvedBy
      .filter((person) => !before?.approvedBy.includes(person))
      .map((person) => ({ action_id: action.actionId, person, proposed_by: action.proposedBy })),
  );
  if (rows.length === 0) return;
  await db.query(
    `INSERT INTO casework.action_approval (action_id, person, proposed_by, at_ms)
     SELECT action_id, person, proposed_by, $2
     FROM json_to_recordset($1::json) AS next(action_id text, person text, proposed_by text)`,
    [JSON.stringify(rows), now],
  );
}

import type { AuditDatabase } from '#apps/makewhole/verify/sources';

interface GivenRow {
  readonly case_id: string;
  readonly into: string;
  readonly action_ids: readonly string[];
}

interface HeldRow {
  readonly case_id: string;
  readonly finding_ids: readonly string[];
}

/** Cases that people merged, split or opened again, as the evidence of these cases says: their chains, not their rows. */
export interface HandedOver {
  /** Both sides. */
  readonly touched: ReadonlySet<string>;
  /** Where a finding of such a case stands, as far as the evidence of that case names it. */
  readonly placed: ReadonlyMap<string, string>;
  /** Each action that changed hands, from which case to which. */
  readonly actions: ReadonlyMap<string, readonly { readonly from: string; readonly to: string }[]>;
}

/** Each line of the one that gave has its counterpart in the chain of the one that took. */
const everyGift = `
  SELECT gave.case_id, gave.data ->> 'into' AS into, array(SELECT jsonb_array_elements_text(gave.data -> 'actionIds')) AS action_ids
  FROM casework.case_entry AS gave
  WHERE gave.what IN ('case merged', 'case split', 'case reopened as another') AND EXISTS (
    SELECT FROM casework.case_entry AS took WHERE took.case_id = gave.data ->> 'into' AND took.data ->> 'from' = gave.case_id
      AND took.what IN ('case absorbed', 'case split off', 'case opened again'))
  ORDER BY gave.at_ms`;

/** The findings of these cases that a line of their own chain names as having come in. */
const everyPlace = `
  SELECT held.case_id, array(
    SELECT finding ->> 'findingId' FROM json_array_elements(held.document -> 'findings') AS finding
    WHERE EXISTS (SELECT FROM casework.case_entry AS line WHERE line.case_id = held.case_id
      AND (line.what IN ('case opened', 'finding joined') AND line.data ->> 'findingId' = finding ->> 'findingId'
        OR line.what IN ('case absorbed', 'case split off', 'case opened again')
          AND line.data -> 'findingIds' ? (finding ->> 'findingId')))) AS finding_ids
  FROM casework.cases AS held WHERE held.case_id IN (SELECT jsonb_array_elements_text($1::jsonb))`;

export async function readHandedOver(database: AuditDatabase): Promise<HandedOver> {
  const touched = new Set<string>();
  const actions = new Map<string, { from: string; to: string }[]>();
  for (const { case_id: from, into, action_ids: given } of await database.query<GivenRow>(everyGift)) {
    touched.add(from).add(into);
    for (const id of given) actions.set(id, [...(actions.get(id) ?? []), { from, to: into }]);
  }
  const placed = new Map<string, string>();
  if (touched.size > 0)
    for (const row of await database.query<HeldRow>(everyPlace, [JSON.stringify([...touched])]))
      for (const id of row.finding_ids) placed.set(id, row.case_id);
  return { touched, placed, actions };
}

/** Whether an action that one case ordered may stand in another: each hand on the way is in the evidence. */
export function wentTo(actionId: string, from: string, to: string, { actions }: HandedOver): boolean {
  let place = from;
  for (const step of actions.get(actionId) ?? []) if (step.from === place) place = step.to;
  return place === to;
}

import { readActions, type ActionRow } from '#apps/makewhole/verify/actions';
import { type HandedOver, readHandedOver, wentTo } from '#apps/makewhole/verify/handed-over';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import type { AuditPolicy, LoggedRecord } from '#apps/makewhole/verify/sources';

interface ApprovalRow {
  readonly action_id: string;
  readonly person: string;
}

const everyApproval = 'SELECT action_id, person FROM casework.action_approval';
const everyCase = 'SELECT case_id FROM casework.cases';
/** In these states nothing has been allowed yet, or it was stopped. */
const undecided: ReadonlySet<string> = new Set(['proposed', 'awaiting_approval', 'refused']);

/** Whoever ordered money to move had a case, a policy and, above the limit, other people's consent. */
export const authority: Invariant = {
  number: 8,
  promise: 'no action without a case, a policy version and, above the limit, a second person',
  unit: 'actions and orders',
  async check({ log, database, policies }) {
    const cases = new Set((await database.query<{ case_id: string }>(everyCase)).map((row) => row.case_id));
    const actions = await readActions(database);
    const consent = new Map<string, Set<string>>();
    for (const { action_id: id, person } of await database.query<ApprovalRow>(everyApproval))
      consent.set(id, (consent.get(id) ?? new Set()).add(person));
    const byVersion = new Map(policies.map((policy) => [policy.version, policy]));
    const violations = actions.flatMap((action) => judge(action, cases, consent.get(action.action_id) ?? new Set(), byVersion));
    const gifts = await readHandedOver(database);
    const known = new Map(actions.map((action) => [action.action_id, action]));
    let orders = 0;
    await log.scan('actions', (record) => {
      if (record.appendedAt > database.asOf) return;
      orders++;
      violations.push(...judgeOrder(record, known, gifts));
    });
    return { examined: actions.length + orders, violations };
  },
};

function judge(
  action: ActionRow,
  cases: ReadonlySet<string>,
  people: ReadonlySet<string>,
  policies: ReadonlyMap<string, AuditPolicy>,
): readonly Violation[] {
  const faults: Violation[] = [];
  if (!cases.has(action.case_id)) faults.push(violation('an action belongs to no case', { action }));
  if (action.policy_version === '') faults.push(violation('an action names no policy version', { action }));
  if (undecided.has(action.state)) return faults;
  const others = [...people].filter((person) => person !== action.proposed_by);
  const needed = peopleNeeded(action, policies.get(action.policy_version));
  if (others.length < needed) faults.push(violation('too few people agreed', { action, needed, agreed: others }));
  return faults;
}

function peopleNeeded({ amount_minor: minor, currency }: ActionRow, policy: AuditPolicy | undefined): number {
  if (policy === undefined || minor === null || currency === null) return 0;
  const { above, people } = policy.fourEyes;
  return minor > (above.minor[currency] ?? above.otherwise) ? people : 0;
}

/**
 * What went out must be what was decided: the same action, key, amount and case, or the case that took the action over. An action is stored before it is ordered, so one whose
 * order is older than the snapshot stands in it.
 */
function judgeOrder(record: LoggedRecord, actions: ReadonlyMap<string, ActionRow>, gifts: HandedOver): readonly Violation[] {
  const place = { topic: record.topic, partition: record.partition, offset: record.offset };
  let order: {
    actionId?: string;
    key?: string;
    caseId?: string;
    policyVersion?: string;
    amount?: { minor: number; currency: string };
  };
  try {
    order = (JSON.parse(String(record.value)) as { data: typeof order }).data;
  } catch {
    return [violation('an order cannot be read', place)];
  }
  const action = actions.get(order.actionId ?? '');
  if (!action) return [violation('an order was sent that casework never made', { ...place, order })];
  const differs =
    order.key !== action.key ||
    !wentTo(action.action_id, order.caseId ?? '', action.case_id, gifts) ||
    order.policyVersion !== action.policy_version ||
    (order.amount?.minor ?? null) !== action.amount_minor ||
    (order.amount?.currency ?? null) !== action.currency;
  const faults = differs ? [violation('an order differs from the action that was decided', { ...place, order, action })] : [];
  return undecided.has(action.state) && action.state !== 'refused'
    ? [...faults, violation('an order was sent before anybody approved it', { ...place, action })]
    : faults;
}

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

/** Whoever ordered money to move had a case, a policy, room in the budget of the hour and, above the limit, other people's consent. */
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
    violations.push(...judgeBudgets(actions, byVersion));
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

const movesMoney: ReadonlySet<string> = new Set(['refund', 'void', 'compensate']);
const HOUR_MS = 3_600_000;

/** At no approval was more approved in the hour before it, itself included, than its policy allows: what failed since counts too. */
function judgeBudgets(actions: readonly ActionRow[], policies: ReadonlyMap<string, AuditPolicy>): readonly Violation[] {
  const faults: Violation[] = [];
  const approved = actions.filter(
    ({ kind, approved_at_ms: at, amount_minor: minor }) => movesMoney.has(kind) && at !== null && minor !== null,
  );
  const ordered = approved.toSorted((left, right) => left.approved_at_ms! - right.approved_at_ms!);
  for (const currency of new Set(ordered.map((action) => action.currency!))) {
    const ofCurrency = ordered.filter((action) => action.currency === currency);
    let from = 0;
    let spent = 0;
    ofCurrency.forEach((action, index) => {
      spent += action.amount_minor!;
      for (; ofCurrency[from]!.approved_at_ms! <= action.approved_at_ms! - HOUR_MS; from++)
        spent -= ofCurrency[from]!.amount_minor!;
      const budget = policies.get(action.policy_version)?.budgetPerHour;
      const isLastOfItsTime = ofCurrency[index + 1]?.approved_at_ms !== action.approved_at_ms;
      if (budget !== undefined && isLastOfItsTime && spent > (budget.minor[currency] ?? budget.otherwise))
        faults.push(violation('more was approved in an hour than the budget allows', { action, currency, spent }));
    });
  }
  return faults;
}

/**
 * What went out must be what was decided: the same action, key, amount and case, or the case that took the action over. An action
 * is stored before it is ordered, so one whose order is older than the snapshot stands in it.
 */
function judgeOrder(record: LoggedRecord, actions: ReadonlyMap<string, ActionRow>, gifts: HandedOver): readonly Violation[] {
  const place = { topic: record.topic, partition: record.partition, offset: record.offset };
  let type: string | undefined;
  let order: {
    actionId?: string;
    key?: string;
    caseId?: string;
    policyVersion?: string;
    amount?: { minor: number; currency: string };
  };
  try {
    ({ type, data: order } = JSON.parse(String(record.value)) as { type?: string; data: typeof order });
  } catch {
    return [violation('an order cannot be read', place)];
  }
  if (type === 'makewhole.policy') return [];
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

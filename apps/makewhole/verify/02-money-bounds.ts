import { readActions, type ActionRow } from '#apps/makewhole/verify/actions';
import { judgeCompensations } from '#apps/makewhole/verify/compensations';
import { judgeCredits } from '#apps/makewhole/verify/credits';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { paymentKey, readPaymentMoney, type PaymentMoney } from '#apps/makewhole/verify/money';
import type { ProviderEffect } from '#apps/makewhole/verify/provider-record';

/** Under way or done: until it has failed, the money counts as gone. */
const holdsMoney: ReadonlySet<string> = new Set(['approved', 'sent', 'pending', 'unknown', 'confirmed']);
const movesMoney: ReadonlySet<string> = new Set(['refund', 'void', 'compensate']);

/**
 * What the platform refunded by itself and what we sent, ordered or hold in doubt, against what the log says was captured; what was paid
 * for delays, which comes on top, against what accrued; and a provisional credit, which stands alone.
 */
export const moneyBounds: Invariant = {
  number: 2,
  promise: 'refunded + pending ≤ captured, per payment and currency',
  unit: 'payments acted on',
  async check({ log, database, provider = [] }) {
    const actions = await readActions(database);
    const ours = groupOurs(actions, provider);
    const books = ours.size === 0 ? new Map<string, PaymentMoney>() : await readPaymentMoney(log);
    const held = actions.filter(({ state }) => holdsMoney.has(state));
    const idOf = new Map(held.map(({ key, action_id: id }) => [key, id]));
    const credits = await judgeCredits(database, held, (action) => isShown(action, books, ours));
    const violations: Violation[] = [...(await judgeCompensations(log, held)), ...credits.violations];
    for (const [payment, { minor, names, keys }] of ours) {
      const { authorisedMinor = 0, capturedMinor = 0, refunds = new Map<string, number>() } = books.get(payment) ?? {};
      const bound = capturedMinor > 0 ? capturedMinor : authorisedMinor;
      const theirs = [...refunds].filter(([refundId]) => !names.has(refundId)).reduce((sum, [, amount]) => sum + amount, 0);
      // What the platform gave back by itself after a credit, people reverse.
      if (theirs > 0 && keys.some((key) => credits.leftToPeople.has(idOf.get(key) ?? ''))) continue;
      if (minor + theirs > bound)
        violations.push(violation('more went back than was taken', { payment, taken: bound, ours: minor, theirs, keys }));
    }
    return { examined: ours.size, violations };
  },
};

interface Ours {
  minor: number;
  /** How the platform may call our refunds once it tells of them. */
  readonly names: Set<string>;
  readonly keys: string[];
}

/** Whether the log shows what an action paid as a refund, under one of the names that the platform may give it. */
function isShown(action: ActionRow, books: ReadonlyMap<string, PaymentMoney>, ours: ReadonlyMap<string, Ours>): boolean {
  const payment = paymentKey(action.account_id ?? '', action.payment_id ?? '', action.currency ?? '');
  const names = ours.get(payment)?.names ?? new Set();
  return [...(books.get(payment)?.refunds.keys() ?? [])].some((refundId) => names.has(refundId));
}

/** Everything that the provider did, and every action that it may still do. */
function groupOurs(actions: readonly ActionRow[], provider: readonly ProviderEffect[]): ReadonlyMap<string, Ours> {
  const groups = new Map<string, Ours>();
  const add = (payment: string, minor: number, key: string, names: readonly (string | undefined)[]): void => {
    const group = groups.get(payment) ?? { minor: 0, names: new Set<string>(), keys: [] };
    groups.set(payment, group);
    group.minor += minor;
    group.keys.push(key);
    for (const name of names) if (name !== undefined) group.names.add(name);
  };
  const done = new Set<string>();
  const onTop = new Set(actions.filter(({ accrual }) => accrual === 'daily-compensation').map(({ key }) => key));
  for (const { key, kind, accountId, paymentId, amount, reference } of provider) {
    if (!movesMoney.has(kind) || onTop.has(key) || paymentId === undefined || amount === undefined) continue;
    add(paymentKey(accountId, paymentId, amount.currency), amount.minor, key, [key, reference]);
    done.add(key);
  }
  for (const {
    key,
    kind,
    state,
    action_id: id,
    account_id: accountId,
    payment_id: paymentId,
    amount_minor: minor,
    currency,
  } of actions) {
    if (done.has(key) || onTop.has(key) || !movesMoney.has(kind) || !holdsMoney.has(state)) continue;
    if (paymentId === null || minor === null || currency === null) continue;
    add(paymentKey(accountId ?? '', paymentId, currency), minor, key, [key, id]);
  }
  return groups;
}

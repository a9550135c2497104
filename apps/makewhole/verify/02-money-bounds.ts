import { readActions, type ActionRow } from '#apps/makewhole/verify/actions';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { paymentKey, readPaymentMoney, type PaymentMoney } from '#apps/makewhole/verify/money';
import type { ProviderEffect } from '#apps/makewhole/verify/provider-record';

/** Under way or done: until it has failed, the money counts as gone. */
const holdsMoney: ReadonlySet<string> = new Set(['approved', 'sent', 'pending', 'unknown', 'confirmed']);
const movesMoney: ReadonlySet<string> = new Set(['refund', 'void', 'compensate']);

/** What the platform refunded by itself and what we sent, ordered or hold in doubt, against what the log says was captured. */
export const moneyBounds: Invariant = {
  number: 2,
  promise: 'refunded + pending ≤ captured, per payment and currency',
  unit: 'payments acted on',
  async check({ log, database, provider = [] }) {
    const actions = (await readActions(database)).filter(({ kind }) => movesMoney.has(kind));
    const known = new Set(actions.map(({ key }) => key));
    const effects = new Map(provider.map((effect) => [effect.key, effect]));
    const ours = groupOurs(
      actions,
      provider.filter((effect) => !known.has(effect.key) && movesMoney.has(effect.kind)),
      effects,
    );
    const books = ours.size === 0 ? new Map<string, PaymentMoney>() : await readPaymentMoney(log);
    const violations: Violation[] = [];
    for (const [key, { minor, names, ids }] of ours) {
      const book = books.get(key);
      const bound = book === undefined ? 0 : book.capturedMinor > 0 ? book.capturedMinor : book.authorisedMinor;
      const platform = [...(book?.refunds ?? [])].reduce(
        (sum, [refundId, amount]) => sum + (names.has(refundId) ? 0 : amount),
        0,
      );
      if (minor + platform > bound)
        violations.push(
          violation('more went back than was taken', { payment: key, captured: bound, ours: minor, platform, actions: ids }),
        );
    }
    return { examined: ours.size, violations };
  },
};

interface Ours {
  minor: number;
  /** How the platform may call our refunds once it tells of them. */
  readonly names: Set<string>;
  readonly ids: string[];
}

function groupOurs(
  actions: readonly ActionRow[],
  strangers: readonly ProviderEffect[],
  effects: ReadonlyMap<string, ProviderEffect>,
): ReadonlyMap<string, Ours> {
  const groups = new Map<string, Ours>();
  const add = (payment: string, minor: number, id: string, names: readonly (string | undefined)[]): void => {
    const group = groups.get(payment) ?? { minor: 0, names: new Set<string>(), ids: [] };
    groups.set(payment, group);
    group.minor += minor;
    group.ids.push(id);
    for (const name of names) if (name !== undefined) group.names.add(name);
  };
  for (const action of actions) {
    const { payment_id: paymentId, amount_minor: minor, currency, account_id: accountId, key } = action;
    if (paymentId === null || minor === null || currency === null) continue;
    const effect = effects.get(key);
    if (!effect && !holdsMoney.has(action.state)) continue;
    add(paymentKey(accountId ?? '', paymentId, currency), effect?.amount?.minor ?? minor, action.action_id, [
      key,
      action.action_id,
      effect?.reference,
    ]);
  }
  for (const { key, accountId, paymentId, amount, reference } of strangers)
    if (paymentId !== undefined && amount !== undefined)
      add(paymentKey(accountId, paymentId, amount.currency), amount.minor, key, [key, reference]);
  return groups;
}

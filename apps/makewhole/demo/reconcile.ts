import type { ActionResult } from '#action/action';
import type { Money } from '#kernel/money';
import { addMinor } from '#kernel/money';
import type { ProviderEffect } from '#simulator/provider-record';

/** One action on which the two records disagree, by its key. */
export interface Disagreement {
  readonly key: string;
  readonly ours: string;
  readonly provider: string;
}

export interface Reconciliation {
  readonly disagreements: readonly Disagreement[];
  /** Minor units given back or released, by currency. */
  readonly ours: ReadonlyMap<string, number>;
  readonly provider: ReadonlyMap<string, number>;
}

/** Our confirmed actions against the provider's own record, key by key and to the minor unit. */
export function reconcile(results: readonly ActionResult[], effects: readonly ProviderEffect[]): Reconciliation {
  const confirmed = new Map(results.filter(({ state }) => state === 'confirmed').map((result) => [result.key, result]));
  const done = new Map<string, ProviderEffect[]>();
  for (const effect of effects) done.set(effect.key, [...(done.get(effect.key) ?? []), effect]);
  const disagreements: Disagreement[] = [];
  for (const key of new Set([...confirmed.keys(), ...done.keys()])) {
    const ours = describe(confirmed.has(key) ? [confirmed.get(key) as ActionResult] : []);
    const provider = describe(done.get(key) ?? []);
    if (ours !== provider) disagreements.push({ key, ours, provider });
  }
  return { disagreements, ours: moneyOf([...confirmed.values()]), provider: moneyOf(effects) };
}

interface Done {
  readonly kind: string;
  readonly amount?: Money;
}

const describe = (done: readonly Done[]): string =>
  done.length === 0
    ? 'nothing'
    : done.map(({ kind, amount }) => (amount === undefined ? kind : `${kind} ${amount.minor} ${amount.currency}`)).join(' and ');

function moneyOf(done: readonly Done[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { kind, amount } of done) {
    if (amount === undefined || (kind !== 'refund' && kind !== 'void')) continue;
    sums.set(amount.currency, addMinor(sums.get(amount.currency) ?? 0, amount.minor));
  }
  return sums;
}

import { readActions, type ActionRow } from '#apps/makewhole/verify/actions';
import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import type { ProviderEffect } from '#apps/makewhole/verify/provider-record';

/** The provider did what we ordered, once, and as much as we ordered; what we call confirmed, it did. */
export const oneEffectAKey: Invariant = {
  number: 1,
  promise: 'provider effects per action key ≤ 1',
  unit: 'effects',
  async check({ database, provider }) {
    if (provider === undefined) return { examined: 0, violations: [] };
    const actions = await readActions(database);
    const known = new Map(actions.map((action) => [action.key, action]));
    const effects = groupByKey(provider);
    const violations = [...effects].flatMap(([key, done]) => judge(key, done, known.get(key), database.asOf));
    for (const action of actions)
      if (action.state === 'confirmed' && !effects.has(action.key))
        violations.push(violation('an action is confirmed that the provider knows nothing of', { action }));
    return { examined: provider.length, violations };
  },
};

/** An action is stored before it is ordered: only an effect that is newer than the snapshot may belong to one that is not in it. */
function judge(key: string, done: readonly ProviderEffect[], action: ActionRow | undefined, asOf: number): readonly Violation[] {
  const twice = done.length > 1 ? [violation('the provider acted more than once on one key', { key, effects: done })] : [];
  if (action)
    return [
      ...twice,
      ...done
        .filter((effect) => differs(effect, action))
        .map((effect) => violation('the provider did something else than was ordered', { effect, action })),
    ];
  return done.some(({ at }) => Date.parse(at) <= asOf)
    ? [...twice, violation('the provider acted on a key that is no action of ours', { key, effects: done })]
    : twice;
}

const differs = ({ kind, amount }: ProviderEffect, action: ActionRow): boolean =>
  kind !== action.kind ||
  (amount !== undefined &&
    action.amount_minor !== null &&
    (amount.minor !== action.amount_minor || amount.currency !== action.currency));

function groupByKey(effects: readonly ProviderEffect[]): ReadonlyMap<string, readonly ProviderEffect[]> {
  const groups = new Map<string, ProviderEffect[]>();
  for (const effect of effects) groups.set(effect.key, [...(groups.get(effect.key) ?? []), effect]);
  return groups;
}

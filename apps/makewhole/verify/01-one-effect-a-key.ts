import { violation, type Invariant, type Violation } from '#apps/makewhole/verify/invariant';
import { readActions, type ActionRow } from '#apps/makewhole/verify/actions';
import type { ProviderEffect } from '#apps/makewhole/verify/provider-record';

/** The provider did what we ordered, once, and as much as we ordered; what we call confirmed, it did. */
export const oneEffectAKey: Invariant = {
  number: 1,
  promise: 'provider effects per action key ≤ 1',
  unit: 'effects',
  async check({ database, provider = [] }) {
    const actions = new Map((await readActions(database)).map((action) => [action.key, action]));
    const effects = groupByKey(provider);
    const violations: Violation[] = [];
    for (const [key, done] of effects) {
      if (done.length > 1) violations.push(violation('the provider acted more than once on one key', { key, effects: done }));
      const action = actions.get(key);
      if (!action) violations.push(violation('the provider acted on a key that is no action of ours', { key, effects: done }));
      else
        violations.push(
          ...done
            .filter((effect) => differs(effect, action))
            .map((effect) => violation('the provider did something else than was ordered', { effect, action })),
        );
    }
    for (const action of actions.values())
      if (action.state === 'confirmed' && !effects.has(action.key))
        violations.push(violation('an action is confirmed that the provider knows nothing of', { action }));
    return { examined: provider.length, violations };
  },
};

function groupByKey(effects: readonly ProviderEffect[]): ReadonlyMap<string, readonly ProviderEffect[]> {
  const groups = new Map<string, ProviderEffect[]>();
  for (const effect of effects) groups.set(effect.key, [...(groups.get(effect.key) ?? []), effect]);
  return groups;
}

const differs = (effect: ProviderEffect, action: ActionRow): boolean =>
  effect.kind !== action.kind ||
  (action.amount_minor !== null &&
    effect.amount !== undefined &&
    (effect.amount.minor !== action.amount_minor || effect.amount.currency !== action.currency));

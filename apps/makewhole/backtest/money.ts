import { movesMoney } from '#action/policy';
import type { ActionKind, ActionView, Case } from '#case/case';
import { addMinor } from '#kernel/money';

/** How many actions, and of which sum; no sum for those that carry no amount. */
export interface Sum {
  readonly count: number;
  readonly minor: number;
}

/** What became of actions of one kind in one currency. */
export interface Deeds {
  /** Would have gone out by itself. */
  readonly acted: Sum;
  /** A person would have been asked. */
  readonly asked: Sum;
  /** Stopped by a guard. */
  readonly stopped: Sum;
}

export const noDeeds: Deeds = {
  acted: { count: 0, minor: 0 },
  asked: { count: 0, minor: 0 },
  stopped: { count: 0, minor: 0 },
};

/** By currency (empty for actions without an amount) and kind of action. */
export type DeedsByMoney = ReadonlyMap<string, ReadonlyMap<ActionKind, Deeds>>;

export function deedsOf(cases: readonly Case[]): DeedsByMoney {
  const byMoney = new Map<string, Map<ActionKind, Deeds>>();
  for (const action of cases.flatMap(({ actions }) => actions)) {
    const amount = movesMoney(action.kind) ? action.amount : undefined;
    const currency = amount?.currency ?? '';
    const byKind = byMoney.get(currency) ?? new Map<ActionKind, Deeds>();
    const deeds = byKind.get(action.kind) ?? noDeeds;
    const what = deedOf(action);
    const { count, minor } = deeds[what];
    byKind.set(action.kind, { ...deeds, [what]: { count: count + 1, minor: addMinor(minor, amount?.minor ?? 0) } });
    byMoney.set(currency, byKind);
  }
  return byMoney;
}

const withdrawals: readonly (string | undefined)[] = ['loss-healed', 'loss-changed', 'decision-changed'];

/** What was asked and then withdrawn was asked all the same. */
function deedOf({ state, guard, approvalsNeeded }: ActionView): keyof Deeds {
  if (state === 'approved') return 'acted';
  const isWithdrawn = state === 'refused' && withdrawals.includes(guard);
  return state === 'awaiting_approval' || (isWithdrawn && approvalsNeeded > 0) ? 'asked' : 'stopped';
}

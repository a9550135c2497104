import { movesMoney } from '#action/policy';
import type { ActionKind, ActionView, Case } from '#case/case';
import type { FindingKind } from '#detection/finding';
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

/** By currency (empty for actions without an amount) and kind of action, or of finding. */
export type DeedsByMoney<Kind extends string = ActionKind> = ReadonlyMap<string, ReadonlyMap<Kind, Deeds>>;

export const deedsOf = (cases: readonly Case[]): DeedsByMoney => deedsBy(cases, ({ kind }) => kind);

/** The same by the kind of the finding that each answers; of what moves money alone. */
export const deedsByFinding = (cases: readonly Case[]): DeedsByMoney<FindingKind> =>
  deedsBy(cases, ({ kind, findingId }, { findings }) =>
    movesMoney(kind) ? findings.find((finding) => finding.findingId === findingId)?.kind : undefined,
  );

function deedsBy<Kind extends string>(
  cases: readonly Case[],
  kindOf: (action: ActionView, held: Case) => Kind | undefined,
): DeedsByMoney<Kind> {
  const byMoney = new Map<string, Map<Kind, Deeds>>();
  for (const held of cases)
    for (const action of held.actions) {
      const kind = kindOf(action, held);
      if (kind === undefined) continue;
      const amount = movesMoney(action.kind) ? action.amount : undefined;
      const currency = amount?.currency ?? '';
      const byKind = byMoney.get(currency) ?? new Map<Kind, Deeds>();
      const deeds = byKind.get(kind) ?? noDeeds;
      const what = deedOf(action);
      const { count, minor } = deeds[what];
      byKind.set(kind, { ...deeds, [what]: { count: count + 1, minor: addMinor(minor, amount?.minor ?? 0) } });
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

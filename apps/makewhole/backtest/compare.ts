import type { ActionKind } from '#case/case';
import type { FindingKind } from '#detection/finding';
import { addMinor, type Money } from '#kernel/money';
import type { FindingBrief, Outcome } from '#apps/makewhole/backtest/contender';
import { deedsByFinding, type DeedsByMoney, deedsOf, noDeeds, type Deeds } from '#apps/makewhole/backtest/money';

export interface KindChange {
  readonly baseline: number;
  readonly candidate: number;
  /** Told by the candidate alone. */
  readonly gained: number;
  /** Told by the baseline alone. */
  readonly lost: number;
  /** Told by both, with another confidence, status, loss or mode. */
  readonly changed: number;
  readonly gainedLoss: readonly Money[];
  readonly lostLoss: readonly Money[];
}

export interface DeedChange {
  readonly baseline: Deeds;
  readonly candidate: Deeds;
  /** What would have moved by itself more (less, where negative), in minor units. */
  readonly differenceMinor: number;
}

export type Change = 'gained' | 'lost' | 'changed';

/** What became of each finding that is not the same on both sides, in the order of the baseline, then of the candidate. */
export function* changesOf(baseline: Outcome, candidate: Outcome): Generator<readonly [Change, FindingBrief]> {
  for (const [id, finding] of baseline.findings) {
    const other = candidate.findings.get(id);
    if (other === undefined) yield ['lost', finding];
    else if (JSON.stringify(other) !== JSON.stringify(finding)) yield ['changed', other];
  }
  for (const [id, finding] of candidate.findings) if (!baseline.findings.has(id)) yield ['gained', finding];
}

export function changesByKind(
  baseline: Outcome,
  candidate: Outcome,
  changes: Iterable<readonly [Change, FindingBrief]>,
): Readonly<Partial<Record<FindingKind, KindChange>>> {
  const byKind = new Map<
    FindingKind,
    Record<'baseline' | 'candidate' | Change, number> & Record<'gainedLoss' | 'lostLoss', Map<string, number>>
  >();
  const of = (kind: FindingKind) => {
    const known = byKind.get(kind);
    if (known !== undefined) return known;
    const fresh = { baseline: 0, candidate: 0, gained: 0, lost: 0, changed: 0, gainedLoss: new Map(), lostLoss: new Map() };
    byKind.set(kind, fresh);
    return fresh;
  };
  for (const { kind } of baseline.findings.values()) of(kind).baseline += 1;
  for (const { kind } of candidate.findings.values()) of(kind).candidate += 1;
  for (const [change, { kind, loss }] of changes) {
    const row = of(kind);
    row[change] += 1;
    const sums = change === 'gained' ? row.gainedLoss : change === 'lost' ? row.lostLoss : undefined;
    if (loss !== null) sums?.set(loss.currency, addMinor(sums.get(loss.currency) ?? 0, loss.minor));
  }
  return Object.fromEntries(
    [...byKind]
      .sort(byName)
      .map(([kind, row]) => [kind, { ...row, gainedLoss: asMoney(row.gainedLoss), lostLoss: asMoney(row.lostLoss) }]),
  );
}

export type DeedChanges<Kind extends string> = Readonly<Record<string, Readonly<Partial<Record<Kind, DeedChange>>>>>;

/** By currency and kind of action; under the empty currency those that carry no amount. */
export const deedChanges = (baseline: Outcome, candidate: Outcome): DeedChanges<ActionKind> =>
  changesBetween(deedsOf(baseline.cases), deedsOf(candidate.cases));

/** By currency and kind of finding: whose losses the money is for. */
export const deedChangesByFinding = (baseline: Outcome, candidate: Outcome): DeedChanges<FindingKind> =>
  changesBetween(deedsByFinding(baseline.cases), deedsByFinding(candidate.cases));

function changesBetween<Kind extends string>(before: DeedsByMoney<Kind>, after: DeedsByMoney<Kind>): DeedChanges<Kind> {
  const currencies = [...new Set([...before.keys(), ...after.keys()])].sort();
  return Object.fromEntries(
    currencies.map((currency) => {
      const kinds = [...new Set([...(before.get(currency)?.keys() ?? []), ...(after.get(currency)?.keys() ?? [])])].sort();
      const changes = kinds.map((kind) => {
        const [one, other] = [before.get(currency)?.get(kind) ?? noDeeds, after.get(currency)?.get(kind) ?? noDeeds];
        return [kind, { baseline: one, candidate: other, differenceMinor: other.acted.minor - one.acted.minor }];
      });
      return [currency, Object.fromEntries(changes) as Partial<Record<Kind, DeedChange>>];
    }),
  );
}

const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number => (left < right ? -1 : 1);

const asMoney = (sums: ReadonlyMap<string, number>): readonly Money[] =>
  [...sums].sort(byName).map(([currency, minor]) => ({ minor, currency }));

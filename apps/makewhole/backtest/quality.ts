import type { FindingKind } from '#detection/finding';
import type { FindingBrief } from '#apps/makewhole/backtest/contender';
import type { Label } from '#apps/makewhole/backtest/labels';

/** Labels by what was found of them. A share is null where nothing stands below its line. */
export interface Quality {
  /** Labels of a loss that a finding names. */
  readonly found: number;
  readonly missed: number;
  /** Labels of no loss that a finding would give back. */
  readonly falseAlarms: number;
  readonly precision: number | null;
  readonly recall: number | null;
}

export interface QualityReport extends Quality {
  /** Labels that name no kind count in the precision of every kind that hits them, in the recall of none. */
  readonly byKind: Readonly<Partial<Record<FindingKind, Quality>>>;
}

/** Of how many losses each label names, by the kinds that name it. */
interface Hits {
  /** Kinds of findings that name it. */
  readonly naming: ReadonlySet<FindingKind>;
  /** Kinds of findings whose loss it is. */
  readonly giving: ReadonlySet<FindingKind>;
}

/** Judges certain and likely findings by labels. */
export function qualityOf(findings: Iterable<FindingBrief>, labels: readonly Label[]): QualityReport {
  const naming = new Map<string, Set<FindingKind>>();
  const giving = new Map<string, Set<FindingKind>>();
  const wanted = new Set(labels.map(keyOf));
  const note = (index: Map<string, Set<FindingKind>>, key: string, kind: FindingKind): void => {
    if (wanted.has(key)) index.set(key, (index.get(key) ?? new Set()).add(kind));
  };
  for (const finding of findings) {
    if (finding.confidence === 'possible') continue;
    for (const key of keysNamed(finding)) note(naming, key, finding.kind);
    for (const key of keysGiven(finding)) note(giving, key, finding.kind);
  }
  const none: ReadonlySet<FindingKind> = new Set();
  const hits = labels.map((label) => ({
    label,
    naming: naming.get(keyOf(label)) ?? none,
    giving: giving.get(keyOf(label)) ?? none,
  }));
  const kinds = new Set([...labels.flatMap(({ kind }) => kind ?? []), ...hits.flatMap(({ naming: told }) => [...told])]);
  return {
    ...count(hits, undefined),
    byKind: Object.fromEntries([...kinds].sort().map((kind) => [kind, count(hits, kind)])),
  };
}

function count(hits: readonly ({ readonly label: Label } & Hits)[], kind: FindingKind | undefined): Quality {
  let [found, missed, falseAlarms, foundOfKind] = [0, 0, 0, 0];
  for (const { label, naming, giving } of hits) {
    if (kind !== undefined && label.kind !== undefined && label.kind !== kind) continue;
    const wanted = kind ?? label.kind;
    const isHit = hasKind(label.isLoss ? naming : giving, wanted);
    const counts = kind === undefined || label.kind === kind;
    if (!label.isLoss) falseAlarms += Number(isHit);
    else if (isHit) {
      found += 1;
      if (counts) foundOfKind += 1;
    } else if (counts) missed += 1;
  }
  return {
    found,
    missed,
    falseAlarms,
    precision: share(found, found + falseAlarms),
    recall: share(foundOfKind, foundOfKind + missed),
  };
}

const hasKind = (kinds: ReadonlySet<FindingKind>, wanted: FindingKind | undefined): boolean =>
  wanted === undefined ? kinds.size > 0 : kinds.has(wanted);

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

const keyOf = ({ about, id }: Label): string => `${about} ${id}`;

const keysNamed = (finding: FindingBrief): readonly string[] => [
  ...finding.paymentIds.map((id) => `paymentId ${id}`),
  ...keysAround(finding),
];

/** Of payments that are one purchase charged twice, the first was owed. */
function keysGiven(finding: FindingBrief): readonly string[] {
  const isPair = finding.kind === 'duplicate-charge' || finding.kind === 'paid-by-other-means';
  const given = isPair && finding.paymentIds.length > 1 ? finding.paymentIds.slice(1) : finding.paymentIds;
  return [...given.map((id) => `paymentId ${id}`), ...keysAround(finding)];
}

const keysAround = ({ orderId, accountId }: FindingBrief): readonly string[] => [
  ...(orderId === undefined ? [] : [`orderId ${orderId}`]),
  ...(accountId === null ? [] : [`accountId ${accountId}`]),
];

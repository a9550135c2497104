import type { ActionKind } from '#case/case';
import type { FindingKind } from '#detection/finding';
import { formatMoney } from '#kernel/money-format';
import type { ReplayCounts } from '#apps/makewhole/replay/account-replay';
import type { DeedChange, DeedChanges, KindChange } from '#apps/makewhole/backtest/compare';
import type { Outcome, Side } from '#apps/makewhole/backtest/contender';
import type { Sum } from '#apps/makewhole/backtest/money';
import type { QualityReport } from '#apps/makewhole/backtest/quality';

export interface SideReport {
  readonly config: string;
  readonly policyVersion: string;
  readonly events: number;
  readonly applied: number;
  readonly duplicates: number;
  readonly ignored: number;
  readonly deadLetters: number;
  readonly findings: number;
  readonly cases: number;
}

/** What `backtest` prints as JSON. Money in minor units. */
export interface BacktestReport {
  readonly baseline: SideReport;
  readonly candidate: SideReport;
  readonly findings: Readonly<Partial<Record<FindingKind, KindChange>>>;
  /** By currency and kind of action. */
  readonly money: DeedChanges<ActionKind>;
  /** The same money by currency and kind of finding. */
  readonly moneyByFinding: DeedChanges<FindingKind>;
  /** Actions that carry no amount, such as freezes: counts alone. */
  readonly otherActions: Readonly<Partial<Record<ActionKind, DeedChange>>>;
  /** Null without labels. */
  readonly quality: { readonly labels: number; readonly baseline: QualityReport; readonly candidate: QualityReport } | null;
}

export const sideReport = ({ name, policy }: Side, { counts, findings, cases }: Outcome): SideReport => ({
  config: name,
  policyVersion: policy.version,
  events: counts.events,
  applied: counts.applied,
  duplicates: counts.duplicates,
  ignored: counts.ignored,
  deadLetters: deadLettersOf(counts),
  findings: findings.size,
  cases: cases.length,
});

const deadLettersOf = ({ deadLetters }: ReplayCounts): number => [...deadLetters.values()].reduce((sum, count) => sum + count, 0);

/** The report for people, as lines. */
export function reportLines({
  baseline,
  candidate,
  findings,
  money,
  moneyByFinding,
  otherActions,
  quality,
}: BacktestReport): readonly string[] {
  const kinds = Object.entries(findings).map(([kind, row]) => [
    kind,
    ...[row.baseline, row.candidate, row.gained, row.lost, row.changed].map(String),
  ]);
  const deeds = [...Object.entries(money), ['', otherActions] as const].flatMap(([currency, byKind]) =>
    Object.entries(byKind).flatMap(([action, change]) =>
      (['acted', 'asked', 'stopped'] as const).map((deed) => [
        `${action}${currency === '' ? '' : ` ${currency}`}`,
        deed,
        sumText(change.baseline[deed], currency),
        sumText(change.candidate[deed], currency),
      ]),
    ),
  );
  return [
    `baseline ${baseline.config} (policy ${baseline.policyVersion}), candidate ${candidate.config} (policy ${candidate.policyVersion})`,
    `${candidate.events} events; findings ${baseline.findings} → ${candidate.findings}, cases ${baseline.cases} → ${candidate.cases}`,
    '',
    ...table([['findings', 'baseline', 'candidate', 'gained', 'lost', 'changed'], ...kinds]),
    '',
    ...table([['actions', '', 'baseline', 'candidate'], ...deeds.filter(([, , one, other]) => one !== '0' || other !== '0')]),
    '',
    ...table([['moved for', 'baseline', 'candidate', 'difference'], ...movedLines(moneyByFinding)]),
    ...(quality === null ? [] : ['', ...qualityLines(quality)]),
  ];
}

const movedLines = (changes: DeedChanges<FindingKind>): readonly (readonly string[])[] =>
  Object.entries(changes).flatMap(([currency, byKind]) =>
    Object.entries(byKind).map(([kind, { baseline, candidate, differenceMinor }]) => [
      `${kind} ${currency}`,
      ...[baseline.acted.minor, candidate.acted.minor, differenceMinor].map((minor) => formatMoney({ minor, currency })),
    ]),
  );

function qualityLines({ labels, baseline, candidate }: NonNullable<BacktestReport['quality']>): readonly string[] {
  const kinds = [...new Set([...Object.keys(baseline.byKind), ...Object.keys(candidate.byKind)])].sort() as FindingKind[];
  const row = (name: string, one: QualityReport | undefined, other: QualityReport | undefined) => [
    name,
    ...[one?.precision, one?.recall, other?.precision, other?.recall].map(shareText),
  ];
  return table([
    [`${labels} labels`, 'precision', 'recall', 'candidate precision', 'recall'],
    row('all', baseline, candidate),
    ...kinds.map((kind) => row(kind, baseline.byKind[kind] as QualityReport, candidate.byKind[kind] as QualityReport)),
  ]);
}

const shareText = (share: number | null | undefined): string => (share === null || share === undefined ? '–' : share.toFixed(3));

const sumText = ({ count, minor }: Sum, currency: string): string =>
  count === 0 ? '0' : currency === '' ? String(count) : `${count} (${formatMoney({ minor, currency })})`;

/** The first column to the left, the others to the right. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
}

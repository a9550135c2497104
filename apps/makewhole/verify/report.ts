import Table from 'cli-table3';

import type { Invariant, Verdict } from '#apps/makewhole/verify/invariant';

export interface Finding {
  readonly invariant: Invariant;
  readonly verdict: Verdict;
  readonly tookMs: number;
}

const shownMax = 5;

/** The nine promises as a table, then the evidence of each broken one. */
export function renderReport(findings: readonly Finding[]): string {
  const table = new Table({ head: ['#', 'promise', 'looked at', 'verdict'], style: { head: [], border: [] }, wordWrap: true });
  for (const { invariant, verdict } of findings)
    table.push([String(invariant.number), invariant.promise, `${verdict.examined} ${invariant.unit}`, verdictText(verdict)]);
  const broken = findings.filter(({ verdict }) => verdict.violations.length > 0);
  return [table.toString(), ...broken.map(renderEvidence), summaryOf(findings.length, broken)].join('\n');
}

const verdictText = ({ violations }: Verdict): string => (violations.length === 0 ? 'holds' : `BROKEN (${violations.length})`);

function renderEvidence({ invariant, verdict }: Finding): string {
  const shown = verdict.violations.slice(0, shownMax).map(({ what, evidence }) => `  ${what}: ${JSON.stringify(evidence)}`);
  const more = verdict.violations.length - shown.length;
  return [`${invariant.number}. ${invariant.promise}`, ...shown, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n');
}

const summaryOf = (count: number, broken: readonly Finding[]): string =>
  broken.length === 0
    ? `all ${count} invariants hold`
    : `broken: ${broken.map(({ invariant }) => `${invariant.number}. ${invariant.promise}`).join('; ')}`;

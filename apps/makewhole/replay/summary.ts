import type { ReplayCounts } from '#apps/makewhole/replay/account-replay';
import type { Finding } from '#detection/finding';
import type { Case } from '#case/case';
import type { Terminal } from '#apps/makewhole/terminal';

/** How findings of a kind stand at the end. */
interface Standing {
  open: number;
  cleared: number;
  /** Of these, in shadow: never acted on. */
  shadow: number;
}

/** Counts findings by what was said of them last. */
export class FindingTally {
  private readonly last = new Map<string, Finding>();

  add(finding: Finding): void {
    this.last.set(finding.findingId, finding);
  }

  byKind(): ReadonlyMap<string, Standing> {
    const kinds = new Map<string, Standing>();
    for (const { kind, status, mode } of this.last.values()) {
      const standing = kinds.get(kind) ?? { open: 0, cleared: 0, shadow: 0 };
      standing[status] += 1;
      if (mode === 'shadow') standing.shadow += 1;
      kinds.set(kind, standing);
    }
    return new Map([...kinds].sort());
  }
}

export interface ReplaySummary {
  readonly counts: ReplayCounts;
  readonly accounts: number;
  readonly findings: FindingTally;
  readonly cases: readonly Case[];
  readonly tookMs: number;
}

export function tellSummary({ counts, accounts, findings, cases, tookMs }: ReplaySummary, terminal: Terminal): void {
  const rate = Math.round(counts.events / Math.max(0.001, tookMs / 1_000));
  const reasons = [...counts.deadLetters].sort().map(([reason, count]) => `${reason} ${count}`);
  const dead = [...counts.deadLetters.values()].reduce((sum, count) => sum + count, 0);
  const line = (name: string, text: string | number) => terminal.note(`${name.padEnd(14)}${text}`);
  line('events', counts.events);
  line('applied', counts.applied);
  line('duplicates', counts.duplicates);
  if (counts.ignored > 0) line('ignored', counts.ignored);
  line('dead letters', dead === 0 ? 0 : `${dead} (${reasons.join(', ')})`);
  line('accounts', accounts);
  const kinds = findings.byKind();
  line(
    'findings',
    [...kinds.values()].reduce((sum, { open, cleared }) => sum + open + cleared, 0),
  );
  for (const [kind, { open, cleared, shadow }] of kinds)
    line(`  ${kind}`.padEnd(30), `${open} open, ${cleared} cleared${shadow === 0 ? '' : `, ${shadow} in shadow`}`);
  line('cases', `${cases.length} (${cases.filter(({ stage }) => stage !== 'closed').length} open)`);
  line('events/s', `${rate} (${(tookMs / 1_000).toFixed(1)} s)`);
}

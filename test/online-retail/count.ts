import type { Confidence, Finding } from '#detection/finding';

export interface FalseAlarms {
  readonly charges: number;
  /** Findings that were ever open, by confidence, each at the highest that it reached. */
  readonly findings: Readonly<Record<Confidence, number>>;
  /** Certain and likely ones: those that open a case. */
  readonly per10000Charges: number;
  readonly per10000WithPossible: number;
}

const ranks: Readonly<Record<Confidence, number>> = { possible: 0, likely: 1, certain: 2 };

/** The data holds no known duplicate, so every `duplicate-charge` and `paid-by-other-means` in it counts as a false alarm. */
export function countFalseAlarms(eventLines: readonly string[], findingLines: readonly string[]): FalseAlarms {
  const charges = eventLines.filter((line) => (JSON.parse(line) as { type: string }).type === 'payment.captured').length;
  const highest = new Map<string, Confidence>();
  for (const { findingId, kind, confidence } of findingLines.map((line) => JSON.parse(line) as Finding)) {
    if (kind !== 'duplicate-charge' && kind !== 'paid-by-other-means') continue;
    const before = highest.get(findingId);
    if (before === undefined || ranks[confidence] > ranks[before]) highest.set(findingId, confidence);
  }
  const findings = { certain: 0, likely: 0, possible: 0 };
  for (const confidence of highest.values()) findings[confidence] += 1;
  const per10000 = (count: number): number => (charges === 0 ? 0 : (count * 10_000) / charges);
  return {
    charges,
    findings,
    per10000Charges: per10000(findings.certain + findings.likely),
    per10000WithPossible: per10000(findings.certain + findings.likely + findings.possible),
  };
}

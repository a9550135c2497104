import type { AuditSources } from '#apps/makewhole/verify/sources';

/** One broken promise: what is wrong in a sentence, and the rows or records that show it. */
export interface Violation {
  readonly what: string;
  readonly evidence: Readonly<Record<string, unknown>>;
}

export interface Verdict {
  /** How many things were looked at: a promise that holds for nothing has not been tested. */
  readonly examined: number;
  readonly violations: readonly Violation[];
}

/** One of the nine promises of the design. */
export interface Invariant {
  readonly number: number;
  readonly promise: string;
  /** What `examined` counts. */
  readonly unit: string;
  check(sources: AuditSources): Promise<Verdict>;
}

export const violation = (what: string, evidence: Violation['evidence']): Violation => ({ what, evidence });

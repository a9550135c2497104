import { oneEffectAKey } from '#apps/makewhole/verify/01-one-effect-a-key';
import { moneyBounds } from '#apps/makewhole/verify/02-money-bounds';
import { everyOffset } from '#apps/makewhole/verify/03-every-offset';
import { findingsAndCases } from '#apps/makewhole/verify/04-findings-and-cases';
import { progress } from '#apps/makewhole/verify/05-progress';
import { deadlines } from '#apps/makewhole/verify/06-deadlines';
import { replay } from '#apps/makewhole/verify/07-replay';
import { authority } from '#apps/makewhole/verify/08-authority';
import { evidenceChain } from '#apps/makewhole/verify/09-evidence-chain';
import type { Finding } from '#apps/makewhole/verify/report';
import type { AuditSources } from '#apps/makewhole/verify/sources';

/** What must always hold, in the order of the design. */
export const invariants = [
  oneEffectAKey,
  moneyBounds,
  everyOffset,
  findingsAndCases,
  progress,
  deadlines,
  replay,
  authority,
  evidenceChain,
] as const;

/** Checks them one after the other over the same sources; `onDone` hears of each. */
export async function audit(
  sources: AuditSources,
  onDone: (finding: Finding) => void = () => undefined,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const invariant of invariants) {
    const startedAt = performance.now();
    const verdict = await invariant.check(sources);
    const finding = { invariant, verdict, tookMs: performance.now() - startedAt };
    findings.push(finding);
    onDone(finding);
  }
  return findings;
}

export const isBroken = ({ verdict }: Finding): boolean => verdict.violations.length > 0;

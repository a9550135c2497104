import type { InstantMs } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import type { Claim } from '#detection/claim';
import { newCoverage } from '#detection/coverage';
import type { Detector } from '#detection/detector';

/** What a detector itself claims of a subject, and when it would be asked again. */
export function asked<Subject>(
  detector: Detector<Subject>,
  ledger: Ledger,
  subject: Subject | undefined,
  now: InstantMs = Date.UTC(2027, 0, 1),
): { readonly due: InstantMs; readonly claims: readonly Claim[] } {
  if (subject === undefined) throw new Error(`${detector.name} is asked about nothing`);
  const claims: Claim[] = [];
  return { due: detector.assess(subject, { ledger, now, coverage: newCoverage() }, claims), claims };
}

import { formatInstant, type InstantMs } from '#kernel/time';
import { type ChainFault, type ChainHead, findChainFault, type SealedEntry } from '#case/evidence';
import { type DisputeReason, disputeReasons } from '#case/reason-codes';
import type { Case } from '#case/case';
import type { Opening } from '#case/personal';
import { type CaseView, toCaseView, toTimelineLine } from '#apps/casework/api/views';

/** Everything that a case rests on, as of one moment. */
export interface Evidence {
  readonly case: CaseView;
  readonly entries: readonly ReturnType<typeof toTimelineLine>[];
  /** Of personal values in the lines: the chain holds SHA-256 of canonical JSON `[salt, value]` in their place; no salt, erased. */
  readonly openings: readonly ({ readonly sequence: number } & Opening)[];
  readonly chain: {
    readonly head: { readonly sequence: number; readonly hash: string };
    readonly verifies: boolean;
    readonly fault?: ChainFault;
  };
  /** Versions of the policy under which its actions were decided. */
  readonly policyVersions: readonly string[];
  readonly disputeReasons: readonly DisputeReason[];
  readonly takenAt: string;
}

export function evidenceOf(held: Case, lines: readonly SealedEntry[], head: ChainHead, takenAt: InstantMs): Evidence {
  const fault = findChainFault(lines, head);
  return {
    case: toCaseView(held),
    entries: lines.map(toTimelineLine),
    openings: lines.flatMap(({ sequence, openings = [] }) => openings.map((opening) => ({ sequence, ...opening }))),
    chain: {
      head: { sequence: head.sequence, hash: head.hash },
      verifies: fault === undefined,
      ...(fault === undefined ? {} : { fault }),
    },
    policyVersions: [...new Set(held.actions.map(({ policyVersion }) => policyVersion))],
    disputeReasons: disputeReasons([...new Set(held.findings.map(({ kind }) => kind))]),
    takenAt: formatInstant(takenAt),
  };
}

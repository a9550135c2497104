import { formatInstant, type InstantMs } from '#kernel/time';
import { type ChainFault, type ChainHead, findChainFault, type SealedEntry } from '#case/evidence';
import { type DisputeReason, disputeReasons } from '#case/reason-codes';
import type { Case } from '#case/case';
import { type CaseView, toCaseView, toTimelineLine } from '#apps/casework/api/views';

/** Everything that a case rests on, as of one moment. */
export interface Evidence {
  readonly case: CaseView;
  readonly entries: readonly ReturnType<typeof toTimelineLine>[];
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

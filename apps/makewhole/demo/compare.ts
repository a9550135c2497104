import type { Finding } from '#detection/finding';
import type { InstantMs } from '#kernel/time';
import { type FindingKindPlanted, type Planted, plantedKinds } from '#simulator/ground-truth';

export interface KindResult {
  readonly kind: FindingKindPlanted;
  readonly planted: number;
  readonly found: number;
}

export interface Comparison {
  readonly kinds: readonly KindResult[];
  readonly missed: readonly Planted[];
  /** Found with another loss than was planted. */
  readonly lossDiffers: readonly { readonly planted: Planted; readonly finding: Finding }[];
  /** Said for certain or likely, and nothing was planted that it could be about. */
  readonly falseAlarms: readonly Finding[];
}

/**
 * What was planted and could be known by `now`, against what was ever found. `findings` holds each finding
 * as it was while it was open: one that has been made good since was found all the same.
 */
export function comparePlanted(planted: readonly Planted[], findings: readonly Finding[], now: InstantMs): Comparison {
  const due = planted.filter(({ dueAt }) => dueAt <= now);
  const missed: Planted[] = [];
  const lossDiffers: { planted: Planted; finding: Finding }[] = [];
  for (const one of due) {
    const finding = findings.find((candidate) => isAbout(candidate, one));
    if (finding === undefined) missed.push(one);
    else if (!sameMoney(finding.loss, one.loss)) lossDiffers.push({ planted: one, finding });
  }
  return {
    kinds: plantedKinds.map((kind) => {
      const ofKind = due.filter((one) => one.kind === kind);
      return { kind, planted: ofKind.length, found: ofKind.filter((one) => !missed.includes(one)).length };
    }),
    missed,
    lossDiffers,
    falseAlarms: findings.filter(
      (finding) => finding.confidence !== 'possible' && !planted.some((one) => isAbout(finding, one) || isSignOf(finding, one)),
    ),
  };
}

/** Where the thief logged in is a sign of the takeover, whether or not the buyer was at home just before. */
const isSignOf = (finding: Finding, planted: Planted): boolean =>
  finding.kind === 'impossible-travel' && planted.kind === 'account-takeover' && finding.accountId === planted.accountId;

/** Of the same kind and buyer, and about a payment of it where it has one. */
function isAbout(finding: Finding, planted: Planted): boolean {
  if (finding.kind !== planted.kind || finding.accountId !== planted.accountId) return false;
  return planted.paymentIds.length === 0 || finding.paymentIds.some((paymentId) => planted.paymentIds.includes(paymentId));
}

function sameMoney(one: Finding['loss'], other: Planted['loss']): boolean {
  return one === null || other === null ? one === other : one.minor === other.minor && one.currency === other.currency;
}

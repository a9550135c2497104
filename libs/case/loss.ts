import { addMinor, type Money } from '#kernel/money';
import type { Case } from '#case/case';
import { standingFindings } from '#case/suppression';
import type { Finding } from '#detection/finding';

/**
 * What the buyer should still get back, per currency, without counting the same money twice.
 * Only open findings count. Findings that share a payment overlap; so do those of one order where either names no payment. Within an
 * overlap the losses of one kind add up (two refunds, each short), and of several kinds the largest stands: they are views of the
 * same money (a duplicate, and the refund of it that is overdue), as are limits of several sorts. Only a refund that came short and is late
 * or went astray as well is two losses, of two parts of its money. What does not overlap adds up.
 */
export function lossOf(findings: readonly Finding[]): readonly Money[] {
  const totals = new Map<string, number>();
  for (const group of overlapping(findings.filter(counts))) {
    const byKind = new Map<string, Map<string, number>>();
    for (const { kind, loss, because } of group) {
      const view = kind === 'limit-exceeded' ? because.rule : kind;
      const sums = byKind.get(loss.currency) ?? new Map<string, number>();
      byKind.set(loss.currency, sums.set(view, addMinor(sums.get(view) ?? 0, loss.minor)));
    }
    for (const [currency, sums] of byKind) {
      const largest = Math.max(...sums.values(), refundsMinor(group, currency));
      totals.set(currency, addMinor(totals.get(currency) ?? 0, largest));
    }
  }
  return [...totals]
    .filter(([, minor]) => minor > 0)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([currency, minor]) => ({ minor, currency }));
}

/**
 * Of each refund that came short what is missing from the promised sum and, of what was paid, what did not reach the buyer: never more than
 * was promised. Other refunds are left out: one that is late may be what makes the short one good.
 */
function refundsMinor(group: readonly Losing[], currency: string): number {
  const ofRefunds = group.filter(({ loss, because }) => loss.currency === currency && because.figures['refundId'] !== undefined);
  let sum = 0;
  for (const refundId of new Set(ofRefunds.map(({ because }) => because.figures['refundId']))) {
    const said = ofRefunds.filter(({ because }) => because.figures['refundId'] === refundId);
    const largest = (kinds: readonly string[]): number =>
      Math.max(0, ...said.filter(({ kind }) => kinds.includes(kind)).map(({ loss }) => loss.minor));
    const [short, astray] = [largest(['refund-amount-wrong']), largest(['refund-overdue', 'refund-wrong-instrument'])];
    const promised = Number(said.find(({ kind }) => kind === 'refund-amount-wrong')?.because.figures['expectedMinor'] ?? 0);
    if (short > 0 && astray > 0) sum = addMinor(sum, Math.min(promised, addMinor(short, astray)));
  }
  return sum;
}

/** What a case still has to bring back. */
export const lossOfCase = (subject: Case): readonly Money[] => lossOf(standingFindings(subject));

type Losing = Finding & { readonly loss: Money };

const counts = (finding: Finding): finding is Losing =>
  finding.status === 'open' && finding.confidence !== 'possible' && finding.mode !== 'shadow' && finding.loss !== null;

function overlapping(findings: readonly Losing[]): readonly (readonly Losing[])[] {
  const groups: Losing[][] = [];
  for (const finding of findings) {
    const touched = groups.filter((group) => group.some((member) => overlap(member, finding)));
    const merged = [...touched.flat(), finding];
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups;
}

/** Whether two findings may be about the same money. */
export function overlap(left: Finding, right: Finding): boolean {
  if (left.paymentIds.some((paymentId) => right.paymentIds.includes(paymentId))) return true;
  const sameOrder = left.orderId !== undefined && left.orderId === right.orderId;
  return sameOrder && (left.paymentIds.length === 0 || right.paymentIds.length === 0);
}

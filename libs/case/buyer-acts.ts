import { fail, ok, type Result } from '#kernel/result';
import type { InstantMs } from '#kernel/time';
import { APPEAL_MS } from '#case/buyer-view';
import type { Case, CaseChange } from '#case/case';
import type { ClockSettings } from '#case/clocks';
import type { HandedOver } from '#case/hand-over';
import { change, countRevision, entry, moveStage } from '#case/life';
import { reopenAsLinked, type ReopenError } from '#case/reopen-case';

/** What stands as the author of a line that the buyer wrote. */
export const BUYER = 'buyer';

/** The buyer's own words. A case that waited for them waits no more. */
export function hearBuyer(subject: Case, what: 'buyer wrote' | 'buyer complained', text: string, now: InstantMs): CaseChange {
  const step = change({ ...subject }, [entry(now, what, { text }, BUYER)], [{ kind: 'case.updated' }]);
  return countRevision(subject, answered(step, now))!;
}

/** The buyer answered, by words or by a file. */
export const answered = (step: CaseChange, now: InstantMs): CaseChange =>
  step.case.stage === 'awaiting_buyer' ? moveStage(step, 'investigating', now, BUYER) : step;

export type AppealError =
  ReopenError | { readonly kind: 'too-late'; readonly until: InstantMs } | { readonly kind: 'nothing-decided' };

/** The buyer does not agree with how people ended the case: it goes on as a linked one. */
export function appeal(
  subject: Case,
  reason: string,
  { now, clocks, by = BUYER }: { readonly now: InstantMs; readonly clocks: ClockSettings; readonly by?: string },
): Result<HandedOver, AppealError> {
  if (subject.closedAt === null) return fail({ kind: 'still-open' });
  if (subject.outcome === 'healed') return fail({ kind: 'nothing-decided' });
  const until = subject.closedAt + APPEAL_MS;
  if (now > until) return fail({ kind: 'too-late', until });
  const reopened = reopenAsLinked(subject, { by, now, reason, clocks });
  return reopened.ok ? ok(reopened.value) : reopened;
}

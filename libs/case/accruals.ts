import type { Money } from '#kernel/money';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import { placeOfCase } from '#case/calendar';
import type { Case } from '#case/case';
import { lossOfCase } from '#case/loss';
import { standingFindings } from '#case/suppression';

/** What the law gives a buyer while a loss stands, beside the loss itself: data for people and policy, never paid by itself. */
export interface Accrual {
  readonly kind: 'daily-compensation' | 'provisional-credit';
  readonly rule: string;
  readonly since: string;
  readonly amount: Money;
  readonly perDay?: Money;
  readonly findingId?: string;
}

export function accrualsOf(subject: Case, now: InstantMs): readonly Accrual[] {
  const until = subject.closedAt ?? now;
  return [...dailyCompensation(subject, until), ...provisionalCredit(subject, until)];
}

/** India: so many rupees for each day begun after the deadline, as the finding says (RBI 2019, facts.md). */
const dailyCompensation = (subject: Case, until: InstantMs): readonly Accrual[] =>
  standingFindings(subject).flatMap(({ findingId, at, status, because: { figures } }) => {
    const { compensationPerDayMinor: minor, compensationCurrency: currency, clock, daysLate } = figures;
    if (typeof minor !== 'number' || typeof currency !== 'string') return [];
    const since = Date.parse(at);
    const late = status === 'cleared' && typeof daysLate === 'number' ? daysLate : Math.ceil((until - since) / days(1));
    if (late <= 0) return [];
    return {
      ...{ kind: 'daily-compensation', rule: String(clock), since: formatInstant(since), findingId },
      ...{ amount: { minor: minor * late, currency }, perDay: { minor, currency } },
    };
  });

/** United States: a case that is not over after ten business days is credited for the time being (Reg E, facts.md). */
function provisionalCredit(subject: Case, until: InstantMs): readonly Accrual[] {
  const pay = subject.clocks.find(({ name }) => name === 'pay');
  if (placeOfCase(subject).jurisdiction !== 'US' || pay?.state !== 'missed' || pay.dueAt >= until) return [];
  const since = formatInstant(pay.dueAt);
  return lossOfCase(subject).map((amount) => ({ kind: 'provisional-credit', rule: 'Reg E, 10 business days', since, amount }));
}

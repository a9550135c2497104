import type { Money } from '#kernel/money';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import { placeOfCase } from '#case/calendar';
import type { AccrualKind, Case } from '#case/case';
import { lossOfCase } from '#case/loss';
import { standingFindings } from '#case/suppression';
import type { Finding } from '#detection/finding';

/** What the law gives a buyer while a loss stands, beside the loss itself; policy says what is done about it. */
export interface Accrual {
  readonly kind: AccrualKind;
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

const dailyCompensation = (subject: Case, until: InstantMs): readonly Accrual[] =>
  standingFindings(subject).flatMap((finding) => {
    const perDay = perDayOf(finding);
    const since = Date.parse(finding.at);
    const count = daysOverOf(finding) ?? daysBegun(since, until);
    if (perDay === undefined || count <= 0) return [];
    return {
      ...{ kind: 'daily-compensation', rule: perDay.rule, since: formatInstant(since), findingId: finding.findingId },
      ...{ amount: { minor: perDay.amount.minor * count, currency: perDay.amount.currency }, perDay: perDay.amount },
    };
  });

/** India: so many rupees for each day begun after the deadline, as the finding says (RBI 2019, facts.md). */
export function perDayOf({ because: { figures } }: Finding): { readonly amount: Money; readonly rule: string } | undefined {
  const { compensationPerDayMinor: minor, compensationCurrency: currency, clock } = figures;
  return typeof minor === 'number' && typeof currency === 'string'
    ? { amount: { minor, currency }, rule: String(clock) }
    : undefined;
}

/** How many days it lasted, where it is over and the finding says so. */
export const daysOverOf = ({ status, because: { figures } }: Finding): number | undefined =>
  status === 'cleared' && typeof figures['daysLate'] === 'number' ? figures['daysLate'] : undefined;

export const daysBegun = (since: InstantMs, until: InstantMs): number => Math.max(0, Math.ceil((until - since) / days(1)));

/** United States: a case that is not over after ten business days is credited for the time being (Reg E, facts.md). */
function provisionalCredit(subject: Case, until: InstantMs): readonly Accrual[] {
  const dueAt = creditDueAt(subject);
  if (dueAt === undefined || dueAt >= until) return [];
  const since = formatInstant(dueAt);
  return lossOfCase(subject).map((amount) => ({ kind: 'provisional-credit', rule: CREDIT_RULE, since, amount }));
}

export const CREDIT_RULE = 'Reg E, 10 business days';

/** When the time was over in which the money had to be back; undefined elsewhere, and while it is not. */
export function creditDueAt(subject: Case): InstantMs | undefined {
  const pay = subject.clocks.find(({ name }) => name === 'pay');
  return placeOfCase(subject).jurisdiction === 'US' && pay?.state === 'missed' ? pay.dueAt : undefined;
}

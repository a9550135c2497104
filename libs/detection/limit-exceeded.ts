import { formatInstant, NEVER, type InstantMs } from '#kernel/time';
import { moneyBack } from '#ledger/money-back';
import type { Ledger } from '#ledger/ledger';
import { countedCaptures, type Capture, type Payment } from '#ledger/payment';
import type { Limit } from '#ledger/side-facts';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';
import type { Cap, LimitCaps } from '#detection/limit-caps';

/**
 * Payments were captured beyond a limit of the account, or of one of its instruments: each payment, or the captures of a calendar day or
 * month in UTC together, gross of refunds and without payments that the merchant initiates. A capture counts on the day on which it was
 * made, whatever day its payment began. `certain`, at the capture that exceeded it, loss the part above the limit; one finding a
 * payment, day or month.
 *
 * Subject: a cap (account or instrument, what it is per, its currency). The newest limit told before a capture holds for it, before the
 * first of them that of configuration; instruments have only that of configuration. Cleared when the payments beyond it were given
 * back. Weak cases: a month of more than 64 purchases, whose first are forgotten: what was told stays. Source: interface,
 * `account.limit_set`.
 */
export const limitExceeded = (caps: LimitCaps): Detector<Cap> => ({
  name: 'limit-exceeded',
  subject: 'limit',
  assess(cap, { ledger }, claims) {
    const limits = cap.fingerprint === '' ? (ledger.side?.limits ?? []).filter(({ id }) => id === cap.id) : [];
    const fallback = caps.defaultMinor(cap);
    for (const [period, charges] of byPeriod(ledger, cap)) {
      const excess = excessOf(charges, limits, fallback);
      if (excess !== undefined) claims.push(claimOf(cap, period, excess, ledger));
    }
    return NEVER;
  },
  /** Purchases that were forgotten no longer count towards their month: that makes nothing good. */
  knowsSince: ({ forgotAt }) => forgotAt,
});

interface Captured {
  readonly payment: Payment;
  readonly capture: Capture;
}

interface Excess {
  readonly spent: number;
  readonly limitMinor: number;
  readonly minor: number;
  readonly limitEventId: string;
  readonly beyond: readonly [Captured, ...Captured[]];
}

function excessOf(charges: readonly Captured[], limits: readonly Limit[], fallback: number | undefined): Excess | undefined {
  let spent = 0;
  let excess: Excess | undefined;
  for (const charge of charges) {
    spent += charge.capture.minor;
    const told = limits.findLast(({ at }) => at <= charge.capture.at);
    const limitMinor = told?.limit.minor ?? fallback;
    if (limitMinor === undefined || spent <= limitMinor) continue;
    const beyond: Excess['beyond'] = excess === undefined ? [charge] : [...excess.beyond, charge];
    excess = { spent, limitMinor, minor: spent - limitMinor, limitEventId: told?.eventId ?? '', beyond };
  }
  return excess;
}

function claimOf({ per, currency, fingerprint }: Cap, period: string, excess: Excess, ledger: Ledger): Claim {
  const { spent, limitMinor, minor, limitEventId, beyond } = excess;
  const [first] = beyond;
  const payments = [...new Set(beyond.map(({ payment }) => payment))];
  const isOfInstrument = fingerprint !== '';
  return {
    kind: 'limit-exceeded',
    confidence: 'certain',
    money: isOfInstrument ? `limit/${per}/${currency}/${period}/${fingerprint}` : `limit/${per}/${currency}/${period}`,
    at: first.capture.at,
    clearedAt: Math.max(...payments.map((payment) => moneyBack(ledger, payment).wholeAt)),
    merchantId: first.payment.merchantId,
    orderId: first.payment.orderId,
    paymentIds: payments.map(({ id }) => id),
    loss: { minor, currency },
    because: {
      rule: isOfInstrument ? `instrument-limit-per-${per}` : `limit-per-${per}`,
      fields: ['captured', 'limit'],
      figures: { spentMinor: spent, limitMinor, currency, period },
    },
    eventIds: [limitEventId, ...beyond.map(({ capture }) => capture.eventId)],
  };
}

/** The captures that count towards the cap, by time within each payment, day or month. */
function byPeriod(ledger: Ledger, { per, currency, fingerprint }: Cap): ReadonlyMap<string, readonly Captured[]> {
  const charges: Captured[] = [];
  for (const payment of ledger.payments) {
    if (payment.captures.length === 0 || payment.currency !== currency || payment.isMerchantInitiated) continue;
    if (fingerprint !== '' && payment.instrument?.fingerprint !== fingerprint) continue;
    for (const capture of countedCaptures(payment)) charges.push({ payment, capture });
  }
  charges.sort(byTime);
  const periods = new Map<string, Captured[]>();
  for (const charge of charges) {
    const period = per === 'payment' ? charge.payment.id : periodOf(charge.capture.at, per);
    const known = periods.get(period);
    if (known === undefined) periods.set(period, [charge]);
    else known.push(charge);
  }
  return periods;
}

function byTime(left: Captured, right: Captured): number {
  if (left.capture.at !== right.capture.at) return left.capture.at - right.capture.at;
  const [one, other] = [`${left.payment.id} ${left.capture.id}`, `${right.payment.id} ${right.capture.id}`];
  return one < other ? -1 : 1;
}

const periodOf = (at: InstantMs, per: 'day' | 'month'): string => formatInstant(at).slice(0, per === 'day' ? 10 : 7);

import { defaultsOf, durationSetting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, NEVER, type InstantMs } from '#kernel/time';
import { confirmationClock, confirmationSettings, type ConfirmationClock } from '#expectation/confirmation-clock';
import { judge, type Standing } from '#expectation/expectation';
import { moneyBack, wonAt } from '#ledger/money-back';
import { findById, type Ledger } from '#ledger/ledger';
import { acceptedAt } from '#ledger/order';
import { answeredAt, capturedAt, capturedMinor, type Payment } from '#ledger/payment';
import type { Claim } from '#detection/claim';
import type { Detector } from '#detection/detector';

export const paymentUnconfirmedSettings = {
  confirmWithinMs: durationSetting(
    hours(24),
    { min: hours(1), max: days(30) },
    'A payment that was started has an outcome, and a captured one a confirmed order, within this time; bank debits and India have clocks of their own.',
    'ours',
  ),
  ...confirmationSettings,
} as const satisfies SettingSpec;
export type PaymentUnconfirmedSettings = SettingValues<typeof paymentUnconfirmedSettings>;
export const paymentUnconfirmedDefaults = defaultsOf(paymentUnconfirmedSettings);

interface Awaited {
  readonly rule: 'started-without-outcome' | 'debited-without-confirmation';
  readonly field: string;
  readonly minor: number;
  readonly clock: ConfirmationClock;
  readonly metAt: InstantMs;
  readonly cancelledAt: InstantMs;
  readonly eventId: string;
}

/**
 * A payment was started and nobody says how it ended, or it was debited and its order never confirmed. `certain`, at the deadline,
 * loss the payment. In India the RBI's clock applies, and what it gives the buyer a day stands in the figures.
 *
 * Subject: a payment. Only a payment whose order was told can lack the order's confirmation; sent or delivered goods confirm it
 * too. A cancelled order, a refund in full, a void or a chargeback decided for the buyer end the expectation. Source: facts, "Holds
 * and stuck funds"; RBI 2019.
 */
export const paymentUnconfirmed = (settings: PaymentUnconfirmedSettings): Detector<Payment> => ({
  name: 'payment-unconfirmed',
  subject: 'payment',
  assess(payment, view, claims) {
    const awaited = awaitedOf(payment, view.ledger, settings);
    if (awaited === undefined) return NEVER;
    const standing = judge({ dueAt: awaited.clock.dueAt, metAt: awaited.metAt, cancelledAt: awaited.cancelledAt }, view.now);
    if (standing.missedAt !== NEVER) claims.push(claimOf(payment, awaited, standing, settings));
    return standing.dueAt;
  },
});

function awaitedOf(payment: Payment, ledger: Ledger, settings: PaymentUnconfirmedSettings): Awaited | undefined {
  if (payment.captures.length > 0) return awaitedConfirmation(payment, ledger, settings);
  if (payment.startedMinor === 0) return undefined;
  return {
    rule: 'started-without-outcome',
    field: 'outcome',
    minor: payment.startedMinor,
    clock: confirmationClock(payment, payment.startedAt, settings),
    metAt: answeredAt(payment),
    cancelledAt: wonAt(payment),
    eventId: payment.startedEventId,
  };
}

function awaitedConfirmation(payment: Payment, ledger: Ledger, settings: PaymentUnconfirmedSettings): Awaited | undefined {
  const order = findById(ledger.orders, payment.orderId);
  if (order === undefined || order.placedAt === NEVER) return undefined;
  const from = capturedAt(payment);
  if (capturedMinor(payment) === 0) return undefined;
  const metAt = acceptedAt(order);
  if (metAt <= from) return undefined;
  return {
    rule: 'debited-without-confirmation',
    field: 'order.confirmed',
    minor: capturedMinor(payment),
    clock: confirmationClock(payment, from, settings),
    metAt,
    cancelledAt: Math.min(order.course.cancelledAt, moneyBack(ledger, payment).wholeAt),
    eventId: payment.captures[0]?.eventId ?? '',
  };
}

function claimOf(payment: Payment, awaited: Awaited, standing: Standing, settings: PaymentUnconfirmedSettings): Claim {
  return {
    kind: 'payment-unconfirmed',
    confidence: 'certain',
    money: `payment/${payment.id}`,
    at: standing.missedAt,
    clearedAt: standing.clearedAt,
    merchantId: payment.merchantId,
    orderId: payment.orderId,
    paymentIds: [payment.id],
    loss: { minor: awaited.minor, currency: payment.currency },
    because: {
      rule: awaited.rule,
      fields: [awaited.field],
      figures: {
        amountMinor: awaited.minor,
        currency: payment.currency,
        scheme: payment.instrument?.scheme ?? payment.instrument?.kind ?? null,
        ...(awaited.clock.rbiDays === undefined
          ? {}
          : rbiFigures(awaited.clock.rbiDays, standing, settings.rbiCompensationMinor)),
      },
    },
    eventIds: [awaited.eventId],
  };
}

/** 100 rupees a day from the day after the deadline; their sum once the days are known. */
function rbiFigures(rbiDays: number, { missedAt, clearedAt }: Standing, perDayMinor: number): Record<string, number | string> {
  const perDay = { clock: `RBI T+${rbiDays}`, compensationPerDayMinor: perDayMinor, compensationCurrency: 'INR' };
  if (clearedAt === NEVER) return perDay;
  const daysLate = Math.ceil((clearedAt - missedAt) / days(1));
  return { ...perDay, daysLate, compensationMinor: daysLate * perDayMinor };
}

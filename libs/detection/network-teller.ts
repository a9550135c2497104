import type { AnyEvent } from '#event/event';
import type { Context } from '#event/types';
import type { Money } from '#kernel/money';
import { hours, type InstantMs } from '#kernel/time';
import { networkOf } from '#ledger/network';
import type { Payment } from '#ledger/payment';
import { isKnownBefore, type Profile } from '#ledger/profile';
import { isSmall, type CardTestingSettings } from '#detection/card-testing';
import type { SlimData, SlimType } from '#detection/scope-event';
import type { Tell, Teller, Telling } from '#detection/scope-teller';

/**
 * Log-ins and payments by the address and the device that they came from. Only what can be part of an attack is told: failures, the
 * first log-in from a place that was new to the account or after failures, and the first payment, if it is small, with an
 * instrument that the account had not used. So a platform at peace tells little. `smallMax`: card-testing.ts.
 */
export const networkTeller = ({ smallMax }: Pick<CardTestingSettings, 'smallMax'>): Teller => ({
  types: ['login', 'attempt'],
  events: ['account.logged_in', 'account.login_failed', 'payment.authorised', 'payment.captured', 'payment.failed'],

  onEvent(event: AnyEvent, { touched: { payment }, state: { ledger } }: Telling, tell: Tell) {
    switch (event.type) {
      case 'account.login_failed':
        return tellPlaces(event.data.context, 'login', event.at, ['failed'], tell);
      case 'account.logged_in':
        if (
          ledger.profile !== null &&
          (hasFailedLately(ledger.profile, event.at) || isNewPlace(ledger.profile, event.data.context, event.at))
        )
          tellPlaces(event.data.context, 'login', event.at, ['passed'], tell);
        return;
      case 'payment.failed':
        if (payment === undefined || payment.isMerchantInitiated || payment.isInPerson) return;
        tell('merchant', payment.merchantId, 'attempt', event.at, attempt('failed', payment, event.data.amount));
        return tellPlaces(event.data.context, 'attempt', event.at, attempt('failed', payment, event.data.amount), tell);
      case 'payment.authorised':
      case 'payment.captured':
        if (payment === undefined || payment.isMerchantInitiated || payment.isInPerson) return;
        if (event.data.context === undefined || !isSmall(event.data.amount, smallMax)) return;
        if (!isFirst(event, payment, ledger.payments)) return;
        return tellPlaces(event.data.context, 'attempt', event.at, attempt('passed', payment, event.data.amount), tell);
      default:
    }
  },
});

function tellPlaces<Type extends SlimType>(
  context: Context | undefined,
  type: Type,
  at: InstantMs,
  data: SlimData[Type],
  tell: Tell,
): void {
  if (context === undefined) return;
  tell('network', context.ip ?? '', type, at, data);
  tell('network', context.deviceId ?? '', type, at, data);
}

const attempt = (outcome: 'failed' | 'passed', payment: Payment, amount: Money | undefined): SlimData['attempt'] => [
  outcome,
  payment.id,
  amount?.minor ?? payment.startedMinor,
  amount?.currency ?? payment.currency,
  payment.instrument?.fingerprint ?? '',
  payment.merchantId,
];

/** Who mistyped and came in then is no attacker: it is told, so that the failures do not count. */
const hasFailedLately = ({ failedLogIns }: Profile, at: InstantMs): boolean =>
  failedLogIns.some((failedAt) => failedAt <= at && at - failedAt <= hours(2));

const isNewPlace = ({ devices, networks }: Profile, context: Context | undefined, at: InstantMs): boolean =>
  context !== undefined &&
  ((context.deviceId !== undefined && !isKnownBefore(devices, context.deviceId, at)) ||
    (context.ip !== undefined && !isKnownBefore(networks, networkOf(context.ip), at)));

/** The payment's first step, and its instrument's first payment. */
function isFirst(event: AnyEvent, payment: Payment, payments: readonly Payment[]): boolean {
  if (event.type === 'payment.captured' && payment.authorisedAt <= event.at) return false;
  const fingerprint = payment.instrument?.fingerprint;
  return !payments.some(
    (other) => other !== payment && other.instrument?.fingerprint === fingerprint && other.startedAt < payment.startedAt,
  );
}

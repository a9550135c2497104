import type { InstantMs } from '#kernel/time';
import { NEVER } from '#kernel/time';
import type { Ledger } from '#ledger/ledger';
import { capturedMinor, type Payment } from '#ledger/payment';
import { isKnownBefore, type LogIn, type Place, type Profile } from '#ledger/profile';
import type { AccountTakeoverSettings } from '#detection/account-takeover-settings';
import { whoseIs, type Whose } from '#detection/own-place';
import { impossibleTrips, isAnnounced, type Trip } from '#detection/travel';

/** One step of a takeover: what happened, and whose device and network it came from. */
export interface Step {
  readonly part: 'credential' | 'profile' | 'value';
  readonly what: string;
  readonly at: InstantMs;
  readonly from: Whose;
  readonly payments: readonly Payment[];
  readonly eventId: string;
}

/** A value that is none but for the long silence before it. */
export const AFTER_DORMANCY = 'after-dormancy';

/** Credential events and profile changes, by time; those that announced travel explains are left out. */
export function suspiciousSteps(profile: Profile, settings: AccountTakeoverSettings): readonly Step[] {
  const steps: Step[] = [];
  for (const { kind, at, place, eventId } of profile.acts) {
    if (kind === 'step-up') continue;
    const from = whoseIs(profile, place, at, settings);
    if (kind === 'profile') steps.push({ part: 'profile', what: kind, at, from, payments: [], eventId });
    else if (kind === 'phishing') steps.push({ part: 'credential', what: kind, at, from: 'unknown', payments: [], eventId });
    else if (!isAnnounced(profile, { at, place }))
      steps.push({ part: 'credential', what: 'reset', at, from, payments: [], eventId });
  }
  const trips = impossibleTrips(profile, settings);
  for (const logIn of profile.logIns) {
    const what = suspicionOf(logIn, trips, profile, settings);
    if (what === undefined || isAnnounced(profile, logIn)) continue;
    const whose = whoseIs(profile, logIn.place, logIn.at, settings);
    const from = what !== 'failed-log-ins' && whose !== 'strange' ? 'mixed' : whose;
    steps.push({ part: 'credential', what, at: logIn.at, from, payments: [], eventId: logIn.eventId });
  }
  return steps.sort((left, right) => left.at - right.at || (left.eventId < right.eventId ? -1 : 1));
}

function suspicionOf(
  logIn: LogIn,
  trips: readonly Trip[],
  profile: Profile,
  settings: AccountTakeoverSettings,
): string | undefined {
  const { at, place } = logIn;
  if (isNewPlace(profile, place, at)) return 'new-device-and-network';
  if (trips.some(({ to }) => to === logIn)) return 'impossible-travel';
  if (isNewNetworkAbroad(profile, logIn)) return 'new-network-abroad';
  const failed = profile.failedLogIns.filter((failedAt) => failedAt <= at && at - failedAt <= settings.failedLogInsMs);
  return failed.length >= settings.failedLogInsMin ? 'failed-log-ins' : undefined;
}

/** A first log-in is new to nobody: some device and some network must have been known before. */
const isNewPlace = ({ devices, networks }: Profile, { deviceId, network }: Place, at: InstantMs): boolean =>
  deviceId !== '' &&
  network !== '' &&
  devices.some(({ firstAt }) => firstAt < at) &&
  networks.some(({ firstAt }) => firstAt < at) &&
  !isKnownBefore(devices, deviceId, at) &&
  !isKnownBefore(networks, network, at);

/** Where the feed names no device, a new network says as much only in a country from which the buyer never logged in. */
function isNewNetworkAbroad({ networks, logIns }: Profile, { at, place: { deviceId, network, country } }: LogIn): boolean {
  if (deviceId !== '' || network === '' || country === '' || isKnownBefore(networks, network, at)) return false;
  const before = logIns.filter((logIn) => logIn.at < at && logIn.place.country !== '');
  return before.length > 0 && before.every((logIn) => logIn.place.country !== country);
}

/**
 * Whether nobody used the account for long before an instant; false where nothing is known from before it. Purchases are kept for
 * 180 days, of which a story looks back for 30 at most.
 */
export function isDormant({ profile, payments, orders }: Ledger, at: InstantMs, dormantMs: number): boolean {
  let lastAt = -NEVER;
  const note = (usedAt: InstantMs): void => {
    if (usedAt < at && usedAt > lastAt) lastAt = usedAt;
  };
  for (const logIn of profile?.logIns ?? []) note(logIn.at);
  for (const act of profile?.acts ?? []) note(act.at);
  for (const payment of payments) if (!payment.isMerchantInitiated) note(payment.startedAt);
  for (const order of orders) note(order.placedAt);
  return lastAt !== -NEVER && at - lastAt >= dormantMs;
}

/**
 * Value that left within [from, until]: orders and payments above the buyer's own 95th percentile, gift cards, payouts and refunds
 * to an instrument that was new; after dormancy every order and payment. Payments that the merchant initiates do not count.
 */
export function valueSteps(
  ledger: Ledger,
  from: InstantMs,
  until: InstantMs,
  settings: AccountTakeoverSettings,
  wasDormant: boolean,
): readonly Step[] {
  const isWithin = (at: InstantMs): boolean => at >= from && at <= until;
  const value = (what: string, at: InstantMs, payments: readonly Payment[], eventId: string): Step => ({
    part: 'value',
    what,
    at,
    from: 'unknown',
    payments,
    eventId,
  });
  const steps: Step[] = [];
  for (const order of ledger.orders) {
    if (!isWithin(order.placedAt) || order.total === null) continue;
    const isAbove = order.total.minor > percentile95(ledger, order.total.currency, from, settings);
    if (!order.isGiftCard && !isAbove && !wasDormant) continue;
    const payments = ledger.payments.filter((payment) => payment.orderId === order.id && !payment.isMerchantInitiated);
    const what = order.isGiftCard ? 'gift-card' : isAbove ? 'order-above-p95' : AFTER_DORMANCY;
    steps.push(value(what, order.placedAt, payments, order.placedEventId));
  }
  for (const payment of ledger.payments) {
    const at = Math.min(payment.authorisedAt, payment.captures[0]?.at ?? NEVER);
    if (!isWithin(at) || payment.isMerchantInitiated) continue;
    const minor = Math.max(capturedMinor(payment), payment.authorisedAt === NEVER ? 0 : payment.authorisedMinor);
    const isAbove = minor > percentile95(ledger, payment.currency, from, settings);
    if (!isAbove && !wasDormant) continue;
    const eventId = payment.captures[0]?.eventId ?? payment.authorisedEventId;
    steps.push(value(isAbove ? 'payment-above-p95' : AFTER_DORMANCY, at, [payment], eventId));
  }
  for (const refund of ledger.refunds) {
    const step = refund.steps.find(
      ({ step: name, instrument }) => (name === 'submitted' || name === 'succeeded') && instrument !== null,
    );
    if (step?.instrument && isWithin(step.at) && isNewInstrument(ledger, step.instrument.fingerprint, from))
      steps.push(value('refund-to-new-instrument', step.at, [], step.eventId));
  }
  for (const payout of ledger.side?.payouts ?? [])
    if (payout.orderId === '' && isWithin(payout.paidAt)) steps.push(value('payout', payout.paidAt, [], payout.paidEventId));
  return steps;
}

const isNewInstrument = (ledger: Ledger, fingerprint: string, before: InstantMs): boolean =>
  !ledger.payments.some((payment) => payment.instrument?.fingerprint === fingerprint && payment.startedAt < before);

/** Nearest rank over the buyer's captured payments before `before` that the ledger keeps; `NEVER` with too few of them. */
function percentile95(ledger: Ledger, currency: string, before: InstantMs, { amountsMin }: AccountTakeoverSettings): number {
  const amounts = ledger.payments
    .filter((payment) => payment.currency === currency && payment.captures.length > 0 && payment.startedAt < before)
    .map(capturedMinor)
    .sort((left, right) => left - right);
  return amounts.length < amountsMin ? NEVER : (amounts[Math.ceil(amounts.length * 0.95) - 1] as number);
}

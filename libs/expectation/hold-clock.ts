import { durationSetting, type Setting, type SettingSpec, type SettingValues } from '#kernel/setting';
import { days, hours, NEVER, type DurationMs, type InstantMs } from '#kernel/time';
import type { Payment } from '#ledger/payment';

const STRIPE = 'Stripe, "Place a hold on a payment method"';
const validity = (validMs: DurationMs, whose: string, source = STRIPE): Setting<number> =>
  durationSetting(
    validMs,
    { min: hours(1), max: days(90) },
    `How long a hold is valid: ${whose}. A date of the provider’s beats it.`,
    source,
  );

/** How long holds are valid, by scheme, who initiated the payment, and presence. */
export const holdSettings = {
  visaOnlineMs: validity(days(7), 'Visa, by the customer online'),
  visaMerchantInitiatedMs: validity(days(4) + hours(18), 'Visa, by the merchant', `${STRIPE}: 5 days, counted as 4 d 18 h`),
  visaInPersonMs: validity(days(5), 'Visa, in person'),
  mastercardOnlineMs: validity(days(7), 'Mastercard, by the customer online'),
  mastercardMerchantInitiatedMs: validity(days(7), 'Mastercard, by the merchant'),
  mastercardInPersonMs: validity(days(2), 'Mastercard, in person'),
  mastercardIndiaMs: validity(days(4), 'Mastercard, of an instrument from India', 'Mastercard India (secondary source)'),
  amexOnlineMs: validity(days(7), 'American Express, by the customer online'),
  amexMerchantInitiatedMs: validity(days(7), 'American Express, by the merchant'),
  amexInPersonMs: validity(days(2), 'American Express, in person'),
  discoverOnlineMs: validity(days(7), 'Discover, by the customer online'),
  discoverMerchantInitiatedMs: validity(days(7), 'Discover, by the merchant'),
  discoverInPersonMs: validity(days(2), 'Discover, in person'),
  klarnaMs: validity(days(28), 'Klarna', 'Klarna'),
  otherMs: validity(days(7), 'every other scheme', `${STRIPE}: the other schemes`),
} as const satisfies SettingSpec;
export type HoldSettings = SettingValues<typeof holdSettings>;

interface SchemeClock {
  readonly onlineMs: DurationMs;
  readonly merchantInitiatedMs: DurationMs;
  readonly inPersonMs: DurationMs;
  /** Of instruments from India; undefined: as elsewhere. */
  readonly indiaMs?: DurationMs;
}

/** Says when a payment's newest hold ends: as its provider said, else by the table. `NEVER` without a hold. */
export type HoldClock = (payment: Payment) => InstantMs;

export function holdClock(settings: HoldSettings): HoldClock {
  const klarna = same(settings.klarnaMs);
  const other = same(settings.otherMs);
  const schemes = new Map<string, SchemeClock>([
    [
      'visa',
      {
        onlineMs: settings.visaOnlineMs,
        merchantInitiatedMs: settings.visaMerchantInitiatedMs,
        inPersonMs: settings.visaInPersonMs,
      },
    ],
    [
      'mastercard',
      {
        onlineMs: settings.mastercardOnlineMs,
        merchantInitiatedMs: settings.mastercardMerchantInitiatedMs,
        inPersonMs: settings.mastercardInPersonMs,
        indiaMs: settings.mastercardIndiaMs,
      },
    ],
    [
      'amex',
      {
        onlineMs: settings.amexOnlineMs,
        merchantInitiatedMs: settings.amexMerchantInitiatedMs,
        inPersonMs: settings.amexInPersonMs,
      },
    ],
    [
      'discover',
      {
        onlineMs: settings.discoverOnlineMs,
        merchantInitiatedMs: settings.discoverMerchantInitiatedMs,
        inPersonMs: settings.discoverInPersonMs,
      },
    ],
    ['klarna', klarna],
  ]);
  return (payment) => {
    if (payment.authorisedAt === NEVER) return NEVER;
    if (payment.captureBefore !== NEVER) return payment.captureBefore;
    const { instrument } = payment;
    const clock = payment.provider === 'klarna' ? klarna : (schemes.get(instrument?.scheme ?? '') ?? other);
    return payment.authorisedAt + validMs(clock, payment);
  };
}

const same = (validMs: DurationMs): SchemeClock => ({ onlineMs: validMs, merchantInitiatedMs: validMs, inPersonMs: validMs });

/** India before presence, presence before who initiated it. */
function validMs(clock: SchemeClock, { instrument, isInPerson, isMerchantInitiated }: Payment): DurationMs {
  if (clock.indiaMs !== undefined && instrument?.country === 'IN') return clock.indiaMs;
  if (isInPerson) return clock.inPersonMs;
  return isMerchantInitiated ? clock.merchantInitiatedMs : clock.onlineMs;
}

import type { MinorUnits } from '#kernel/money';
import type { Setting, SettingSpec, SettingValues } from '#kernel/setting';
import type { Payment } from '#ledger/payment';

const RESTAURANTS_AND_TAXIS = ['5812', '5813', '5814', '4121'];
/** European Economic Area; with the United Kingdom also where PSD2 applies. */
const EEA = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const EEA_CURRENCIES = 'EUR BGN CZK DKK HUF ISK NOK PLN RON SEK'.split(' ');

const share = (value: number, doc: string, source: string): Setting<number> => ({
  unit: 'ratio',
  default: value,
  min: 0,
  max: 1,
  doc: `How much above the order’s total a capture may be: ${doc}.`,
  source,
});

export const overCaptureSettings = {
  visaRestaurantRatio: share(0.2, 'Visa, restaurants and taxis', 'Visa: 20 %'),
  visaLodgingRatio: share(0.15, 'Visa, lodging outside the European Economic Area', 'Visa: 15 %'),
  paypalRatio: share(0.15, 'PayPal, outside PSD2 countries', 'PayPal: up to 115 %'),
} as const satisfies SettingSpec;
export type OverCaptureSettings = SettingValues<typeof overCaptureSettings>;

/** How much above an order's total a payment may take, in minor units. */
export type Allowance = (payment: Payment, totalMinor: MinorUnits) => MinorUnits;

/**
 * Visa allows more for restaurants and taxis, and for lodging outside the EEA; PayPal outside PSD2 countries; nobody else anything.
 * The country is the instrument's, else the home of the currency. Rounded down. Source: facts, "Amounts and fees".
 */
export function allowance({ visaRestaurantRatio, visaLodgingRatio, paypalRatio }: OverCaptureSettings): Allowance {
  const restaurants = partsOf(visaRestaurantRatio);
  const lodging = partsOf(visaLodgingRatio);
  const paypal = partsOf(paypalRatio);
  return (payment, totalMinor) => {
    const scheme = payment.instrument?.scheme ?? '';
    if (scheme === 'visa') {
      if (RESTAURANTS_AND_TAXIS.includes(payment.mcc)) return shareOf(totalMinor, restaurants);
      if (isLodging(payment.mcc) && !isInEea(payment)) return shareOf(totalMinor, lodging);
    }
    const isPayPal = scheme === 'paypal' || payment.provider.toLowerCase() === 'paypal';
    return isPayPal && !isInEea(payment) && !isInBritain(payment) ? shareOf(totalMinor, paypal) : 0;
  };
}

const PARTS = 10_000;
const partsOf = (ratio: number): number => Math.round(ratio * PARTS);
/** In whole numbers throughout: money never passes through a fraction. */
const shareOf = (minor: MinorUnits, parts: number): MinorUnits =>
  Math.floor(minor / PARTS) * parts + Math.floor(((minor % PARTS) * parts) / PARTS);

/** 7011 and the hotel chains' own codes 3501–3999. */
const isLodging = (mcc: string): boolean => mcc === '7011' || (mcc >= '3501' && mcc <= '3999' && mcc.length === 4);

function isInEea({ instrument, currency }: Payment): boolean {
  const country = instrument?.country;
  return country === undefined ? EEA_CURRENCIES.includes(currency) : EEA.includes(country);
}

function isInBritain({ instrument, currency }: Payment): boolean {
  return instrument?.country === undefined ? currency === 'GBP' : instrument.country === 'GB';
}

import type { MinorUnits } from '#kernel/money';
import type { Payment } from '#ledger/payment';

const RESTAURANTS_AND_TAXIS = ['5812', '5813', '5814', '4121'];
/** European Economic Area; with the United Kingdom also where PSD2 applies. */
const EEA = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK'.split(' ');
const EEA_CURRENCIES = 'EUR BGN CZK DKK HUF ISK NOK PLN RON SEK'.split(' ');

/**
 * How much above the order's total a capture may be: Visa 20 % for restaurants and taxis, 15 % for lodging outside the EEA; PayPal
 * 15 % outside PSD2 countries; else nothing. The country is the instrument's, else the home of the currency. Rounded down.
 */
export function allowedOver(payment: Payment, totalMinor: MinorUnits): MinorUnits {
  return Math.floor((totalMinor * allowancePercent(payment)) / 100);
}

function allowancePercent(payment: Payment): number {
  const scheme = payment.instrument?.scheme ?? '';
  if (scheme === 'visa') {
    if (RESTAURANTS_AND_TAXIS.includes(payment.mcc)) return 20;
    if (isLodging(payment.mcc) && !isInEea(payment)) return 15;
  }
  const isPayPal = scheme === 'paypal' || payment.provider.toLowerCase() === 'paypal';
  return isPayPal && !isInEea(payment) && !isInBritain(payment) ? 15 : 0;
}

/** 7011 and the hotel chains' own codes 3501–3999. */
const isLodging = (mcc: string): boolean => mcc === '7011' || (mcc >= '3501' && mcc <= '3999' && mcc.length === 4);

function isInEea({ instrument, currency }: Payment): boolean {
  const country = instrument?.country;
  return country === undefined ? EEA_CURRENCIES.includes(currency) : EEA.includes(country);
}

function isInBritain({ instrument, currency }: Payment): boolean {
  return instrument?.country === undefined ? currency === 'GBP' : instrument.country === 'GB';
}

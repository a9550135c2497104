import type { Currency } from '#kernel/money';

/**
 * ISO 4217 list one (amendments up to February 2026), by number of minor-unit digits. Codes without a minor unit (metals, XDR,
 * test codes) are left out: an amount in them cannot be counted in minor units. Not what `Intl` says, which rounds as people
 * write: it gives HUF, IDR and COP no digits. MGA and MRU are fifths by coin and stand in the list with two digits.
 */
const active = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC
    CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR
    KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN
    PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS
    UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
} as const;

/** Withdrawn since 2020 and kept, so that events of those years still replay: CUC 2021, HRK, SLL 2023, ZWL 2024, ANG 2025, BGN 2026. */
const withdrawn = { 2: 'ANG BGN CUC HRK SLL ZWL' } as const;

const digitsByCode: ReadonlyMap<Currency, number> = new Map(
  [...Object.entries(active), ...Object.entries(withdrawn)].flatMap(([digits, codes]) =>
    codes.split(/\s+/).map((code): [Currency, number] => [code, Number(digits)]),
  ),
);

export const currencies: readonly Currency[] = [...digitsByCode.keys()].sort();

export const isCurrency = (code: string): boolean => digitsByCode.has(code);

/** Digits after the decimal point that the minor unit stands for: EUR 2, JPY 0, KWD 3. Throws on a code that is no currency. */
export function minorUnitDigits(currency: Currency): number {
  const digits = digitsByCode.get(currency);
  if (digits === undefined) throw new RangeError(`${currency} is no ISO 4217 currency with a minor unit`);
  return digits;
}

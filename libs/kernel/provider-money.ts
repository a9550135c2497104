import { isCurrency, minorUnitDigits } from '#kernel/currency';
import type { Currency, Money } from '#kernel/money';

/** How a provider counts amounts where it differs from ISO 4217. */
export interface ProviderUnits {
  /** Digits after the point that its integer stands for. */
  readonly digits: Readonly<Record<Currency, number>>;
  /** Its integer must be a multiple of this. */
  readonly steps: Readonly<Record<Currency, number>>;
}

/**
 * Source: docs.stripe.com/currencies. MGA is zero-decimal; ISK and UGX are written with two decimals that are always 00; three-decimal
 * amounts end in 0.
 */
export const stripeUnits: ProviderUnits = {
  digits: { MGA: 0, ISK: 2, UGX: 2 },
  steps: { ISK: 100, UGX: 100, BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 },
};

/** Source: docs.adyen.com/development-resources/currency-codes, marked there as different from the standard. */
export const adyenUnits: ProviderUnits = { digits: { CLP: 2, CVE: 0, IDR: 0, ISK: 2 }, steps: {} };

/** Source: developer.paypal.com, currency codes: a decimal amount in these is an error. */
export const paypalUnits: ProviderUnits = { digits: { HUF: 0, JPY: 0, TWD: 0 }, steps: {} };

const digitsOf = (currency: Currency, units: ProviderUnits): number => units.digits[currency] ?? minorUnitDigits(currency);

/** The provider's integer for an amount; undefined where it has none, for nothing is rounded that is paid. */
export function toProviderUnits({ minor, currency }: Money, units: ProviderUnits): number | undefined {
  const value = rescale(minor, digitsOf(currency, units) - minorUnitDigits(currency));
  return value === undefined || value % (units.steps[currency] ?? 1) !== 0 ? undefined : value;
}

/** The money that a provider's integer stands for; undefined for another currency or a fraction of our minor unit. */
export function fromProviderUnits(value: unknown, currency: unknown, units: ProviderUnits): Money | undefined {
  if (typeof currency !== 'string' || typeof value !== 'number') return undefined;
  const code = currency.toUpperCase();
  if (!isCurrency(code)) return undefined;
  const minor = rescale(value, minorUnitDigits(code) - digitsOf(code, units));
  return minor === undefined ? undefined : { minor, currency: code };
}

/** The provider's decimal text for an amount, such as `12.50` or `1250`; undefined where it has none. */
export function toDecimalText(amount: Money, units: ProviderUnits): string | undefined {
  const value = toProviderUnits(amount, units);
  if (value === undefined || value < 0) return undefined;
  const digits = digitsOf(amount.currency, units);
  const text = String(value).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function rescale(value: number, digits: number): number | undefined {
  const scaled = digits >= 0 ? value * 10 ** digits : value / 10 ** -digits;
  return Number.isSafeInteger(value) && Number.isSafeInteger(scaled) ? scaled : undefined;
}

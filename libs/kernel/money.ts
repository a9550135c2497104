/** A safe integer of ISO 4217 minor units: 1250 EUR is 12.50 euro, 1250 JPY is 1250 yen. */
export type MinorUnits = number;
/** ISO 4217 alphabetic code, upper case. */
export type Currency = string;

export interface Money {
  readonly minor: MinorUnits;
  readonly currency: Currency;
}

export const money = (minor: MinorUnits, currency: Currency): Money => ({ minor: safeMinor(minor), currency });

/** The same amount, or throws when it is no safe integer: a sum that lost precision must never be paid. */
export function safeMinor(minor: number): MinorUnits {
  if (!Number.isSafeInteger(minor)) throw new RangeError(`money needs a safe integer of minor units, found ${minor}`);
  return minor;
}

export const addMinor = (left: MinorUnits, right: MinorUnits): MinorUnits => safeMinor(left + right);

/** Throws on two currencies: the caller must have grouped by currency. */
export function addMoney(left: Money, right: Money): Money {
  sameCurrency(left, right);
  return money(left.minor + right.minor, left.currency);
}

export function subtractMoney(left: Money, right: Money): Money {
  sameCurrency(left, right);
  return money(left.minor - right.minor, left.currency);
}

function sameCurrency(left: Money, right: Money): void {
  if (left.currency !== right.currency) throw new TypeError(`cannot combine ${left.currency} with ${right.currency}`);
}

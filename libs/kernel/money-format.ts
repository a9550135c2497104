import { minorUnitDigits } from '#kernel/currency';
import type { Money } from '#kernel/money';

/** As people read it: `12.50 EUR`, `1250 JPY`, `-0.005 KWD`. Throws on a code that is no currency. */
export function formatMoney({ minor, currency }: Money): string {
  const digits = minorUnitDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (digits === 0) return `${sign}${text} ${currency}`;
  return `${sign}${text.slice(0, -digits)}.${text.slice(-digits)} ${currency}`;
}

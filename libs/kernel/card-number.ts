/**
 * Which digit strings could be payment card numbers (PCI DSS 4.0.1: none is stored or shown anywhere). `digits` are character
 * codes 48–57; `start` and `length` name the part of them to judge.
 */
export function isLuhnValid(digits: ArrayLike<number>, start: number, length: number): boolean {
  let sum = 0;
  for (let at = 0; at < length; at++) {
    let digit = (digits[start + length - 1 - at] ?? 0) - 48;
    if (at % 2 === 1) digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  return sum % 10 === 0;
}

export const CARD_DIGITS_MIN = 13;
export const CARD_DIGITS_MAX = 19;

/**
 * Whether the first digits and the length fit a card network (ISO/IEC 7812 ranges as the networks publish them): Visa 4,
 * Mastercard 51–55 and 2221–2720, Amex 34 and 37, Diners 30, 36, 38 and 39, JCB 35, Mir 2200–2204, Maestro, Discover, RuPay and
 * UnionPay 50, 56–69 and 81–82.
 */
export function fitsNetwork(digits: ArrayLike<number>, start: number, length: number): boolean {
  const first = (digits[start] ?? 0) - 48;
  const two = first * 10 + (digits[start + 1] ?? 0) - 48;
  if (first === 4) return length === 13 || length === 16 || length === 19;
  if (two === 34 || two === 37) return length === 15;
  if (first === 2) {
    const four = two * 100 + ((digits[start + 2] ?? 0) - 48) * 10 + (digits[start + 3] ?? 0) - 48;
    return (four >= 2200 && four <= 2204) || (length === 16 && four >= 2221 && four <= 2720);
  }
  if (two >= 51 && two <= 55) return length === 16;
  if (two === 30 || two === 36 || two === 38 || two === 39) return length >= 14;
  if (two === 35) return length >= 16;
  return two === 50 || (two >= 56 && two <= 69) || two === 81 || two === 82;
}

/** Whether a text is nothing but a card number, written with or without spaces and dashes. */
export function isCardNumber(text: string): boolean {
  const first = text.charCodeAt(0);
  if (text.length < CARD_DIGITS_MIN || text.length > 3 * CARD_DIGITS_MAX || !(first >= 48 && first <= 57)) return false;
  const digits: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) digits.push(code);
    else if (code !== 32 && code !== 45) return false;
  }
  const count = digits.length;
  return count >= CARD_DIGITS_MIN && count <= CARD_DIGITS_MAX && fitsNetwork(digits, 0, count) && isLuhnValid(digits, 0, count);
}

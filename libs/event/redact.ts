import { CARD_DIGITS_MAX, CARD_DIGITS_MIN, fitsNetwork, isLuhnValid } from '#kernel/card-number';

/** A dead letter keeps at most this much of its record, so that it fits into a log record itself (base64 adds a third). */
export const REDACTED_BYTES_MAX = 262_144;

/**
 * The bytes with card numbers and secrets masked and the rest as it was, valid JSON or not. A card number keeps its last four
 * digits. A run of 13 to 19 digits that satisfies Luhn is masked whatever its network; in a longer run, whatever part of it fits a
 * network as well. Digits may be apart by spaces and dashes, or written as `\u0034`. Bytes beyond `REDACTED_BYTES_MAX` are cut.
 */
export function redactBytes(value: Buffer): Buffer {
  return Buffer.from(redactText(value.subarray(0, REDACTED_BYTES_MAX).toString('latin1')), 'latin1');
}

/** The same for text that people or logs are shown. */
export function redactText(text: string): string {
  return maskSecrets(maskCardNumbers(text));
}

const secretField =
  /("(?:[a-z_-]*(?:password|passwd|secret|cvv2?|cvc2?|csc|pin_?block|track_?[12]|api_?key|access_?token|refresh_?token|private_?key)|pin|pwd|authorization)"\s*:\s*)("(?:[^"\\]|\\.)*"?|[^\s,}\]]+)/gi;
const bearerToken = /\b(bearer\s+|(?:sk|rk|whsec)_(?:live_|test_)?)[a-z0-9._~+/=-]{8,}/gi;

function maskSecrets(text: string): string {
  return text.replace(secretField, '$1"***"').replace(bearerToken, '$1***');
}

/** A digit with nothing but spaces and dashes between it and the next, at most three of them. */
const digitRun = /(?:\d|\\u003\d)(?:[ \t\0-]{0,3}(?:\d|\\u003\d)){12,}/gi;
const digitOrEscape = /\\u003\d|\d/gi;

function maskCardNumbers(text: string): string {
  return text.replace(digitRun, (run) => {
    const found = run.match(digitOrEscape) ?? [];
    const digits = found.map((digit) => digit.charCodeAt(digit.length - 1));
    const masked = maskedDigits(digits);
    if (!masked.includes(true)) return run;
    let at = 0;
    return run.replace(digitOrEscape, (digit) => (masked[at++] ? '*' : digit));
  });
}

/** Which digits to hide: all but the last four of each card number among them. */
function maskedDigits(digits: readonly number[]): boolean[] {
  const masked = new Array<boolean>(digits.length).fill(false);
  const hide = (start: number, length: number): void => {
    masked.fill(true, start, start + length - 4);
  };
  if (digits.length <= CARD_DIGITS_MAX && isLuhnValid(digits, 0, digits.length)) hide(0, digits.length);
  for (let start = 0; start + CARD_DIGITS_MIN <= digits.length; start++) {
    for (let length = CARD_DIGITS_MIN; length <= CARD_DIGITS_MAX && start + length <= digits.length; length++) {
      if (fitsNetwork(digits, start, length) && isLuhnValid(digits, start, length)) hide(start, length);
    }
  }
  return masked;
}

import { dateOfDay, dayNumber, daysInMonth } from '#kernel/civil-date';

/** Milliseconds since the epoch, UTC. */
export type InstantMs = number;
/** A length of time in milliseconds. */
export type DurationMs = number;

export const NEVER: InstantMs = Number.POSITIVE_INFINITY;

export const milliseconds = (count: number): DurationMs => count;
export const seconds = (count: number): DurationMs => count * 1_000;
export const minutes = (count: number): DurationMs => count * 60_000;
export const hours = (count: number): DurationMs => count * 3_600_000;
export const days = (count: number): DurationMs => count * 86_400_000;

export const formatInstant = (instant: InstantMs): string => new Date(instant).toISOString();

const DAY_MS = 86_400_000;

/**
 * The instant that an RFC 3339 `date-time` names, to the millisecond (further digits are cut off); undefined for any other text.
 * The offset is required; a day that its month does not have is refused. A leap second (23:59:60 UTC at a month's end) is the
 * same instant as the midnight after it, as in POSIX time. Reads characters, since `Date.parse` accepts much more and costs ten
 * times as much.
 */
export function parseInstant(text: string): InstantMs | undefined {
  const length = text.length;
  if (length < 20 || length > 64) return undefined;
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  // A part that is no digit makes these sums NaN, and NaN fails every comparison below.
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  if (!hasSeparators(text)) return undefined;

  let at = 19;
  let millisecond = 0;
  if (text.charCodeAt(at) === DOT) {
    let scale = 100;
    const first = ++at;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      millisecond += digit * scale;
      scale = scale === 1 ? 0 : scale / 10;
    }
    if (at === first) return undefined;
  }
  const offset = offsetMinutes(text, at);
  const minuteOfDay = hour * 60 + minute - offset;
  if (Number.isNaN(minuteOfDay)) return undefined;
  const midnight = dayNumber(year, month, day) * DAY_MS;
  if (second < 60) return midnight + minuteOfDay * 60_000 + second * 1_000 + millisecond;
  const following = midnight + (minuteOfDay + 1) * 60_000;
  return following % DAY_MS === 0 && dateOfDay(following / DAY_MS).day === 1 ? following : undefined;
}

const DASH = 45;
const DOT = 46;
const COLON = 58;
const PLUS = 43;

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

/** RFC 3339 allows `t` and `z` in lower case. */
const hasSeparators = (text: string): boolean =>
  text.charCodeAt(4) === DASH &&
  text.charCodeAt(7) === DASH &&
  (text.charCodeAt(10) | 32) === 116 &&
  text.charCodeAt(13) === COLON &&
  text.charCodeAt(16) === COLON;

/** Minutes east of UTC of the offset that ends the text at `at`; NaN when there is none or more follows. */
function offsetMinutes(text: string, at: number): number {
  const sign = text.charCodeAt(at);
  if ((sign | 32) === 122) return text.length === at + 1 ? 0 : NaN;
  if ((sign !== PLUS && sign !== DASH) || text.length !== at + 6 || text.charCodeAt(at + 3) !== COLON) return NaN;
  const hour = twoDigits(text, at + 1);
  const minute = twoDigits(text, at + 4);
  if (!(hour <= 23 && minute <= 59)) return NaN;
  return sign === PLUS ? hour * 60 + minute : -(hour * 60 + minute);
}

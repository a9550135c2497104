import { identityHash } from '#kernel/hash';
import { days, type DurationMs, type InstantMs } from '#kernel/time';

/**
 * A bounded memory of events: two generations of number pairs, 53 bits of an event's identity and 18 of its content. When the newer
 * is full or old it becomes the older and the older is forgotten: so the last 48 to 96 events of an account are remembered, for 7 to
 * 14 days of event time. A redelivery from before that is folded again, which changes nothing (the fold is idempotent by entity); a
 * conflict from before that is not noticed, and the entity's own rules decide. Most accounts have a handful: a walk over numbers
 * that lie together beats an index.
 */
export interface Seen {
  newer: number[];
  older: number[];
  since: InstantMs;
}

export const SEEN_MAX = 48;
export const SEEN_FOR: DurationMs = days(7);

export const nothingSeen = (): Seen => ({ newer: [], older: [], since: -Infinity });

export type Sighting = 'new' | 'duplicate' | 'conflict';

/** Looks an event up and, when it is new, remembers it. `now` is a time that only grows, such as the watermark. */
export function sight(seen: Seen, source: string, id: string, fingerprint: number, now: InstantMs): Sighting {
  const identity = identityHash(source, id);
  const content = fingerprint & CONTENT_MASK;
  const known = contentOf(seen.newer, identity) ?? contentOf(seen.older, identity);
  if (known !== undefined) return known === content ? 'duplicate' : 'conflict';
  if (seen.newer.length >= SEEN_MAX * 2 || now - seen.since >= SEEN_FOR) turnOver(seen, now);
  // The first pair as a literal takes two places, a push onto an empty list seventeen.
  if (seen.newer.length === 0) seen.newer = [identity, content];
  else seen.newer.push(identity, content);
  return 'new';
}

function contentOf(pairs: readonly number[], identity: number): number | undefined {
  for (let at = pairs.length - 2; at >= 0; at -= 2) if (pairs[at] === identity) return pairs[at + 1];
  return undefined;
}

/** An account that was quiet for two windows has nothing left to remember. */
function turnOver(seen: Seen, now: InstantMs): void {
  seen.older = now - seen.since >= 2 * SEEN_FOR ? [] : seen.newer;
  seen.newer = [];
  seen.since = now;
}

const CONTENT_MASK = 0x3_ffff;
const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const codes = Uint16Array.from(digits, (digit) => digit.charCodeAt(0));
const values = new Map([...digits].map((digit, value) => [digit.charCodeAt(0), value]));
const WIDTH = 12;

/** Twelve characters a pair: what a checkpoint stores. */
export function seenText(pairs: readonly number[]): string {
  let text = '';
  for (let at = 0; at < pairs.length; at += 2) text += pairText(pairs[at] as number, pairs[at + 1] as number);
  return text;
}

export function seenPairs(text: string): number[] {
  const pairs: number[] = [];
  for (let at = 0; at < text.length; at += WIDTH)
    pairs.push(valueOf(text, at, 5) + valueOf(text, at + 5, 4) * 0x2000_0000, valueOf(text, at + 9, 3));
  return pairs;
}

function pairText(identity: number, content: number): string {
  const low = identity % 0x2000_0000;
  const high = (identity - low) / 0x2000_0000;
  return String.fromCharCode(
    digit(low, 0),
    digit(low, 6),
    digit(low, 12),
    digit(low, 18),
    digit(low, 24),
    digit(high, 0),
    digit(high, 6),
    digit(high, 12),
    digit(high, 18),
    digit(content, 0),
    digit(content, 6),
    digit(content, 12),
  );
}

const digit = (value: number, shift: number): number => codes[(value >>> shift) & 63] as number;

/** Digits from the lowest on; at most thirty bits. */
function valueOf(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from + count - 1; at >= from; at--) value = (value << 6) | (values.get(text.charCodeAt(at)) ?? 0);
  return value;
}

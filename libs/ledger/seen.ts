import { identityHash } from '#kernel/hash';
import { days, type DurationMs, type InstantMs } from '#kernel/time';

/**
 * A bounded memory of events: two generations of text, twelve characters an event (53 bits of its identity, 18 of its content).
 * When the newer is full or old it becomes the older and the older is forgotten: so the last 48 to 96 events of an account are
 * remembered, for 7 to 14 days of event time. A redelivery from before that is folded again, which changes nothing (the fold
 * is idempotent by entity); a conflict from before that is not noticed, and the entity's own rules decide.
 * Text, since it needs no work to be stored and read back, and finding twelve characters in 1,000 costs less than 100 ns.
 */
export interface Seen {
  newer: string;
  older: string;
  since: InstantMs;
}

export const SEEN_MAX = 48;
export const SEEN_FOR: DurationMs = days(7);
const WIDTH = 12;
const ID_WIDTH = 9;

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const codes = Uint16Array.from(digits, (digit) => digit.charCodeAt(0));

export const nothingSeen = (): Seen => ({ newer: '', older: '', since: -Infinity });

export type Sighting = 'new' | 'duplicate' | 'conflict';

/** Looks an event up and, when it is new, remembers it. `now` is a time that only grows, such as the watermark. */
export function sight(seen: Seen, source: string, id: string, fingerprint: number, now: InstantMs): Sighting {
  const identity = identityText(identityHash(source, id));
  const inNewer = find(seen.newer, identity);
  const text = inNewer >= 0 ? seen.newer : seen.older;
  const at = inNewer >= 0 ? inNewer : find(seen.older, identity);
  if (at >= 0) return text.startsWith(contentText(fingerprint), at + ID_WIDTH) ? 'duplicate' : 'conflict';
  remember(seen, identity + contentText(fingerprint), now);
  return 'new';
}

function remember(seen: Seen, entry: string, now: InstantMs): void {
  if (seen.newer.length >= SEEN_MAX * WIDTH || now - seen.since >= SEEN_FOR) {
    // An account that was quiet for two windows has nothing left to remember.
    seen.older = now - seen.since >= 2 * SEEN_FOR ? '' : seen.newer;
    seen.newer = '';
    seen.since = now;
  }
  seen.newer += entry;
}

function find(text: string, identity: string): number {
  let at = text.indexOf(identity);
  while (at > 0 && at % WIDTH !== 0) at = text.indexOf(identity, at + 1);
  return at;
}

function identityText(hash: number): string {
  const low = hash % 0x2000_0000;
  const high = (hash - low) / 0x2000_0000;
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
  );
}

const contentText = (fingerprint: number): string =>
  String.fromCharCode(digit(fingerprint, 0), digit(fingerprint, 6), digit(fingerprint, 12));

const digit = (value: number, shift: number): number => codes[(value >>> shift) & 63] as number;

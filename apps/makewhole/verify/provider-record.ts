import { readFile } from 'node:fs/promises';

/** One thing that the provider did to money or an account, in its own words. */
export interface ProviderEffect {
  /** The idempotency key that the call carried. */
  readonly key: string;
  /** `refund`, `void`, `freeze`, `unfreeze`, … */
  readonly kind: string;
  readonly accountId: string;
  readonly paymentId?: string;
  readonly amount?: { readonly minor: number; readonly currency: string };
  /** RFC 3339. */
  readonly at: string;
  /** The provider's own name for it. */
  readonly reference?: string;
}

/**
 * Reads the provider's own record from a file or an address: a JSON array, an object with such an array as `effects`, or NDJSON.
 * Throws with the place and the reason when it is no such record: an auditor that cannot read must not pass.
 */
export async function readProviderRecord(place: string): Promise<readonly ProviderEffect[]> {
  try {
    return parse(/^https?:/.test(place) ? await download(place) : await readFile(place, 'utf8'));
  } catch (cause) {
    throw new Error(`reading the provider's record at ${place}: ${(cause as Error).message}`, { cause });
  }
}

async function download(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(30_000) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return answer.text();
}

function parse(text: string): readonly ProviderEffect[] {
  const rows = isWhole(text)
    ? whole(JSON.parse(text) as unknown)
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as unknown);
  return rows.map(checked);
}

/** An array, or an object that spans the text; NDJSON has several objects, one a line. */
function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function whole(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  const effects = (value as { effects?: unknown }).effects;
  return Array.isArray(effects) ? effects : [value];
}

function checked(row: unknown, index: number): ProviderEffect {
  const { key, kind, at, amount } = (row ?? {}) as Partial<ProviderEffect>;
  const amountIsWhole = amount === undefined || (Number.isSafeInteger(amount.minor) && typeof amount.currency === 'string');
  if (typeof key !== 'string' || typeof kind !== 'string' || typeof at !== 'string' || !amountIsWhole)
    throw new TypeError(`entry ${index} needs key, kind, at and a whole amount, found ${JSON.stringify(row)}`);
  return row as ProviderEffect;
}

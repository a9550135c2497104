import { type InstantMs, parseInstant } from '#kernel/time';
import type { MinorByCurrency } from '#action/policy';

/** Tells what is wrong at a place of a document (JSON pointer). */
export type Report = (pointer: string, expected: string) => void;
export type Fields = Readonly<Record<string, unknown>>;

export function readLimits(value: unknown, pointer: string, fallback: MinorByCurrency, report: Report): MinorByCurrency {
  if (value === undefined) return fallback;
  const fields = fieldsOf(value, pointer, report);
  return {
    minor: readMinor(fields['minor'] ?? {}, `${pointer}/minor`, report),
    otherwise: readCount(fields['otherwise'], `${pointer}/otherwise`, 0, [0, Number.MAX_SAFE_INTEGER], report),
  };
}

export function readMinor(value: unknown, pointer: string, report: Report): Readonly<Record<string, number>> {
  const fields = fieldsOf(value, pointer, report);
  for (const [currency, minor] of Object.entries(fields)) {
    if (!/^[A-Z]{3}$/.test(currency)) report(`${pointer}/${currency}`, 'an ISO 4217 code');
    if (!Number.isSafeInteger(minor) || (minor as number) < 0) report(`${pointer}/${currency}`, 'a whole number of minor units');
  }
  return fields as Readonly<Record<string, number>>;
}

export function readWords<Word extends string>(
  value: unknown,
  pointer: string,
  allowed: readonly Word[],
  report: Report,
): readonly Word[] {
  const words = Array.isArray(value) ? (value as unknown[]) : [];
  const wrong = words.filter((word) => !allowed.includes(word as Word));
  if (!Array.isArray(value) || wrong.length > 0) report(pointer, `of ${allowed.join(', ')}`);
  return words.filter((word): word is Word => allowed.includes(word as Word));
}

export function readCount(
  value: unknown,
  pointer: string,
  fallback: number,
  [min, max]: readonly [number, number],
  report: Report,
): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
  report(pointer, `a whole number from ${min} to ${max}`);
  return fallback;
}

export function readFlag(value: unknown, pointer: string, report: Report): boolean {
  if (value !== undefined && typeof value !== 'boolean') report(pointer, 'true or false');
  return value === true;
}

export function fieldsOf(value: unknown, pointer: string, report: Report): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  report(pointer, 'an object');
  return {};
}

/** Faults of every name that is none of these. */
export function onlyFields(fields: Fields, pointer: string, known: readonly string[], what: string, report: Report): void {
  for (const name of Object.keys(fields)) if (!known.includes(name)) report(`${pointer}/${name}`, `no such field in ${what}`);
}

export function readList<Item>(
  value: unknown,
  pointer: string,
  what: string,
  report: Report,
  readItem: (item: unknown, pointer: string) => Item,
): readonly Item[] {
  if (Array.isArray(value)) return value.map((item: unknown, index) => readItem(item, `${pointer}/${index}`));
  report(pointer, `a list of ${what}`);
  return [];
}

export function readEnd(value: unknown, pointer: string, report: Report): InstantMs {
  const end = typeof value === 'string' ? parseInstant(value) : undefined;
  if (end === undefined) report(pointer, 'an end, such as 2026-06-30T00:00:00Z');
  return end ?? 0;
}

export function readReason(value: unknown, pointer: string, report: Report): string {
  if (typeof value !== 'string' || value.trim() === '') report(pointer, 'why, for those who ask later');
  return String(value);
}

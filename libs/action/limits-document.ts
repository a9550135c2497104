import type { BreakerSettings } from '#action/breaker';
import {
  type Fields,
  fieldsOf,
  onlyFields,
  readCount,
  readEnd,
  readList,
  readMinor,
  readReason,
  readWords,
  type Report,
} from '#action/document-fields';
import type { Listing } from '#action/listing';
import type { PolicyRule } from '#action/policy';
import type { BuyerCondition, MerchantCondition } from '#action/standing';
import { type VelocityLimit, velocityWords } from '#action/velocity';

const countMax = 1_000_000;
/** A day: what was let out is counted by the minute, and kept for two days. */
const minutesMax = 1_440;

/** `{ per: merchant, minutes: 60, countMax: 20, amountMax: { EUR: 500000 } }`: a number, an amount, or both. */
export function readVelocity(value: unknown, fallback: readonly VelocityLimit[], report: Report): readonly VelocityLimit[] {
  if (value === undefined) return fallback;
  return readList(value, '/velocity', 'limits', report, (item, pointer): VelocityLimit => {
    const fields = fieldsOf(item, pointer, report);
    onlyFields(fields, pointer, ['per', 'minutes', 'countMax', 'amountMax'], 'a limit', report);
    if (fields['countMax'] === undefined && fields['amountMax'] === undefined) report(pointer, 'countMax, amountMax or both');
    if (fields['minutes'] === undefined) report(`${pointer}/minutes`, `a whole number from 1 to ${minutesMax}`);
    return {
      per: readWords([fields['per']], `${pointer}/per`, velocityWords, report)[0] ?? 'currency',
      minutes: readCount(fields['minutes'], `${pointer}/minutes`, 60, [1, minutesMax], report),
      ...optionalCount(fields, 'countMax', pointer, report),
      ...(fields['amountMax'] === undefined ? {} : { amountMax: readMinor(fields['amountMax'], `${pointer}/amountMax`, report) }),
    };
  });
}

const named = ['accountId', 'instrument', 'merchantId'] as const;

/** `{ merchantId: shop-1, until: 2026-12-31T00:00:00Z, reason: under review }`: one of account, instrument, merchant. */
export const readListings = (value: unknown, pointer: string, report: Report): readonly Listing[] =>
  readList(value, pointer, 'listings', report, (item, place): Listing => {
    const fields = fieldsOf(item, place, report);
    onlyFields(fields, place, [...named, 'until', 'reason'], 'a listing', report);
    const whom = named.filter((name) => fields[name] !== undefined);
    const [name] = whom;
    if (whom.length !== 1 || typeof fields[name!] !== 'string' || fields[name!] === '')
      report(place, `one of ${named.join(', ')}`);
    return {
      ...(name === undefined ? {} : { [name]: String(fields[name]) }),
      until: readEnd(fields['until'], `${place}/until`, report),
      reason: readReason(fields['reason'], `${place}/reason`, report),
    };
  });

export function readBreaker(value: unknown, fallback: BreakerSettings, report: Report): BreakerSettings {
  if (value === undefined) return fallback;
  const fields = fieldsOf(value, '/breaker', report);
  onlyFields(fields, '/breaker', Object.keys(fallback), 'the breaker', report);
  const read = (name: keyof BreakerSettings, range: readonly [number, number]) =>
    readCount(fields[name], `/breaker/${name}`, fallback[name], range, report);
  return {
    times: read('times', [0, 1_000]),
    countMin: read('countMin', [1, countMax]),
    historyHours: read('historyHours', [1, 7 * 24]),
    openMinutes: read('openMinutes', [1, 7 * 1_440]),
  };
}

const buyerCounts = ['knownDaysMin', 'casesMax', 'confirmedMin', 'refusedMax'] as const satisfies (keyof BuyerCondition)[];
const merchantCounts = ['openFindingsMax'] as const satisfies (keyof MerchantCondition)[];

/** What a rule asks of the buyer and of the merchant. */
export const readConditions = (fields: Fields, pointer: string, report: Report): Pick<PolicyRule, 'buyer' | 'merchant'> => ({
  ...condition(fields, 'buyer', buyerCounts, pointer, report),
  ...condition(fields, 'merchant', merchantCounts, pointer, report),
});

function condition(fields: Fields, name: string, counts: readonly string[], pointer: string, report: Report): object {
  if (fields[name] === undefined) return {};
  const place = `${pointer}/${name}`;
  const asked = fieldsOf(fields[name], place, report);
  onlyFields(asked, place, counts, `a ${name}'s standing`, report);
  if (Object.keys(asked).length === 0) report(place, `one of ${counts.join(', ')}`);
  return { [name]: Object.assign({}, ...counts.map((count) => optionalCount(asked, count, place, report))) as object };
}

const optionalCount = (fields: Fields, name: string, pointer: string, report: Report): object =>
  fields[name] === undefined ? {} : { [name]: readCount(fields[name], `${pointer}/${name}`, 0, [0, countMax], report) };

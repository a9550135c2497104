import type { Money } from '#kernel/money';
import type { InstantMs } from '#kernel/time';
import { minutes } from '#kernel/time';

/** What is counted together: a currency, a merchant, or a person who let it out. */
export const velocityWords = ['currency', 'merchant', 'operator'] as const;
export type VelocityPer = (typeof velocityWords)[number];

/** How much may go out in a time: so many, or so much, or both. */
export interface VelocityLimit {
  readonly per: VelocityPer;
  readonly minutes: number;
  readonly countMax?: number;
  /** Minor units by currency; a currency that is not named is not limited by it. */
  readonly amountMax?: Readonly<Record<string, number>>;
}

/** Money that goes out, or went. */
export interface Outgoing {
  readonly amount: Money;
  readonly merchantId?: string | undefined;
  /** The people who approved it; none where policy acted alone. */
  readonly operators: readonly string[];
}

export interface Spent {
  /** In every currency. */
  readonly count: number;
  readonly minor: Readonly<Record<string, number>>;
}

export const nothingSpent: Spent = { count: 0, minor: {} };

/** What went out within a limit's time, counted by its key. */
export type VelocityCount = (limit: VelocityLimit, key: string) => Spent;

/** By what one payment out is counted under a limit. */
export function velocityKeys({ per }: VelocityLimit, { amount, merchantId, operators }: Outgoing): readonly string[] {
  if (per === 'currency') return [amount.currency];
  if (per === 'operator') return operators;
  return merchantId === undefined ? [] : [merchantId];
}

/** The first limit that this payment would exceed, and for whom. */
export function exceededBy(
  limits: readonly VelocityLimit[],
  next: Outgoing,
  spentOn: VelocityCount,
): { readonly limit: VelocityLimit; readonly key: string } | undefined {
  for (const limit of limits)
    for (const key of velocityKeys(limit, next)) {
      const { count, minor } = spentOn(limit, key);
      const { currency } = next.amount;
      const room = limit.amountMax?.[currency] ?? Infinity;
      if (count + 1 > (limit.countMax ?? Infinity) || (minor[currency] ?? 0) + next.amount.minor > room) return { limit, key };
    }
  return undefined;
}

/** Whether all of these payments together keep within every limit: then so does each, whichever comes first. */
export function allFit(limits: readonly VelocityLimit[], out: readonly Outgoing[], spentOn: VelocityCount): boolean {
  return limits.every((limit) => {
    const { countMax = Infinity, amountMax = {} } = limit;
    const byKey = new Map<string, Outgoing[]>();
    for (const one of out)
      for (const key of velocityKeys(limit, one)) {
        const known = byKey.get(key);
        if (known === undefined) byKey.set(key, [one]);
        else known.push(one);
      }
    return [...byKey].every(([key, some]) => {
      const known = spentOn(limit, key);
      const sums = sumOf(some).minor;
      const fits = (currency: string, sum: number) => (known.minor[currency] ?? 0) + sum <= (amountMax[currency] ?? Infinity);
      return known.count + some.length <= countMax && Object.entries(sums).every(([currency, sum]) => fits(currency, sum));
    });
  });
}

/** Counts payments of known instants. */
export const countOf =
  (out: readonly (Outgoing & { readonly at: InstantMs })[], now: InstantMs): VelocityCount =>
  (limit, key) =>
    sumOf(out.filter((one) => one.at > now - minutes(limit.minutes) && velocityKeys(limit, one).includes(key)));

/** Both counts together. */
export const alsoCounting =
  (spentOn: VelocityCount, more: readonly Outgoing[]): VelocityCount =>
  (limit, key) => {
    const known = spentOn(limit, key);
    const extra = sumOf(more.filter((one) => velocityKeys(limit, one).includes(key)));
    const minor = { ...known.minor };
    for (const [currency, sum] of Object.entries(extra.minor)) minor[currency] = (minor[currency] ?? 0) + sum;
    return { count: known.count + extra.count, minor };
  };

function sumOf(out: readonly Outgoing[]): Spent {
  const minor: Record<string, number> = {};
  for (const { amount } of out) minor[amount.currency] = (minor[amount.currency] ?? 0) + amount.minor;
  return { count: out.length, minor };
}

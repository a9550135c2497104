import { formatInstant, hours, type InstantMs, minutes } from '#kernel/time';
import { leftUsual, type Usual } from '#action/breaker';
import type { Policy } from '#action/policy';
import { alsoCounting, type Outgoing } from '#action/velocity';
import { openBreaker, wasClosedSince } from '#apps/casework/store/breaker-rows';
import { readHours, readVelocity } from '#apps/casework/store/limit-rows';
import { writePolicyChange } from '#apps/casework/store/policy-changes';
import type { Query } from '#apps/casework/store/query';

const lastHour = { per: 'currency', minutes: hours(1) / minutes(1) } as const;

/** How these payments leave what is usual, or undefined. A person who closed the breaker has excused the hour in which that was. */
export async function unusualFigures(
  db: Query,
  { breaker }: Policy,
  out: readonly Outgoing[],
  now: InstantMs,
): Promise<Usual | undefined> {
  if (breaker.times === 0 || out.length === 0) return undefined;
  const spentOn = alsoCounting(await readVelocity(db, [lastHour], out, now), out);
  const last = [...new Set(out.map(({ amount }) => amount.currency))].map((currency) => {
    const { count, minor } = spentOn(lastHour, currency);
    return { currency, count, minor: minor[currency] ?? 0 };
  });
  if (last.every(({ count }) => count < breaker.countMin)) return undefined;
  if (await wasClosedSince(db, now - hours(1))) return undefined;
  const { past, since } = await readHours(db, now);
  return leftUsual(breaker, past, since, last, now);
}

/** Opens the breaker, on record. The caller holds the lock of the budget. */
export async function openForUnusual(db: Query, { breaker, version }: Policy, figures: Usual, now: InstantMs): Promise<void> {
  const until = now + minutes(breaker.openMinutes);
  const why = reasonOf(figures);
  await openBreaker(db, { openedAt: now, openedBy: 'makewhole', why, figures, until });
  await writePolicyChange(db, {
    ...{ at: now, by: 'makewhole', what: 'breaker opened', version },
    ...{ before: { isOpen: false }, after: { isOpen: true, figures, until: formatInstant(until) }, why },
  });
}

const reasonOf = ({ currency, count, minor, usualCount, usualMinor }: Usual): string =>
  `${count} payments of ${minor} minor units of ${currency} within the hour; the busiest of the last seven days had ` +
  `${usualCount} of ${usualMinor}`;

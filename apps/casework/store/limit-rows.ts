import { minutes, type InstantMs } from '#kernel/time';
import { HISTORY_MS, hourOf, type HourSum } from '#action/breaker';
import { nothingSpent, type Outgoing, type Spent, type VelocityCount, velocityKeys, type VelocityLimit } from '#action/velocity';
import type { Query } from '#apps/casework/store/query';

/** Adds what was let out to the minute of each limit that may count it, and to the hour of its currency. */
export async function addOutgoing(db: Query, out: readonly Outgoing[], now: InstantMs): Promise<void> {
  if (out.length === 0) return;
  const rows = out.flatMap((one) =>
    (['currency', 'merchant', 'operator'] as const).flatMap((per) =>
      velocityKeys({ per, minutes: 1 }, one).map((key) => ({ per, key, ...one.amount })),
    ),
  );
  await db.query(
    `INSERT INTO casework.approved_velocity AS held (per, key, minute_ms, currency, count, minor)
     SELECT per, key, $2, currency, count(*), sum(minor)
     FROM json_to_recordset($1::json) AS next(per text, key text, currency text, minor bigint)
     GROUP BY per, key, currency ORDER BY per, key, currency
     ON CONFLICT (per, key, minute_ms, currency) DO UPDATE SET count = held.count + excluded.count, minor = held.minor + excluded.minor`,
    [JSON.stringify(rows), now - (now % minutes(1))],
  );
  await db.query(
    `INSERT INTO casework.approved_hour AS held (hour_ms, currency, count, minor)
     SELECT $2, currency, count(*), sum(minor) FROM json_to_recordset($1::json) AS next(currency text, minor bigint)
     GROUP BY currency ORDER BY currency
     ON CONFLICT (hour_ms, currency) DO UPDATE SET count = held.count + excluded.count, minor = held.minor + excluded.minor`,
    [JSON.stringify(out.map(({ amount }) => amount)), hourOf(now)],
  );
}

/** What counts these payments under these limits; the minute in which a limit's time begins counts in full. */
export async function readVelocity(
  db: Query,
  limits: readonly VelocityLimit[],
  out: readonly Outgoing[],
  now: InstantMs,
): Promise<VelocityCount> {
  const sums = new Map<string, Spent>();
  for (const limit of limits) {
    const keys = [...new Set(out.flatMap((one) => velocityKeys(limit, one)))];
    if (keys.length === 0) continue;
    const { rows } = await db.query<{ key: string; currency: string; count: string; minor: string }>(
      `SELECT key, currency, sum(count)::text AS count, sum(minor)::text AS minor FROM casework.approved_velocity
       WHERE per = $1 AND key = ANY($2::text[]) AND minute_ms > $3 GROUP BY key, currency`,
      [limit.per, keys, now - minutes(limit.minutes + 1)],
    );
    for (const { key, currency, count, minor } of rows) {
      const known = sums.get(nameOf(limit, key)) ?? nothingSpent;
      const added = { count: known.count + Number(count), minor: { ...known.minor, [currency]: Number(minor) } };
      sums.set(nameOf(limit, key), added);
    }
  }
  return (limit, key) => sums.get(nameOf(limit, key)) ?? nothingSpent;
}

const nameOf = ({ per, minutes: span }: VelocityLimit, key: string): string => `${per} ${span} ${key}`;

/** The hours before this one, and when the first payment of all went out. */
export async function readHours(
  db: Query,
  now: InstantMs,
): Promise<{ readonly past: readonly HourSum[]; readonly since: InstantMs | null }> {
  const { rows } = await db.query<{ hour: InstantMs; currency: string; count: number; minor: string }>(
    `SELECT hour_ms AS hour, currency, count, minor::text AS minor FROM casework.approved_hour WHERE hour_ms >= $1 AND hour_ms < $2`,
    [now - HISTORY_MS, hourOf(now)],
  );
  const { rows: first } = await db.query<{ since: InstantMs | null }>('SELECT min(hour_ms) AS since FROM casework.approved_hour');
  const past = rows.map(({ hour, currency, count, minor }) => ({ hourAt: hour, currency, count, minor: Number(minor) }));
  return { past, since: first[0]!.since };
}

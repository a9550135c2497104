import type { PaymentFacts } from '#detection/finding';
import type { Query } from '#apps/actuator/query';

export interface PaymentMoney {
  readonly facts: PaymentFacts;
  /** Held by our actions and not in the facts. */
  readonly reservedMinor: number;
}

/**
 * Stores newer facts of payments (older ones change nothing) and counts anew what our own actions hold: an action whose refund the
 * ledger now shows holds nothing more. Facts that came with an order are of the time of its approval: they only fill a gap, for news of
 * the same event time may have come first. Returns those of them that our actions are about, if something changed; their rows are locked.
 */
export async function storeFacts(
  db: Query,
  payments: readonly PaymentFacts[],
  from: 'ledger' | 'order',
): Promise<readonly string[]> {
  if (payments.length === 0) return [];
  const newest = new Map<string, PaymentFacts>();
  for (const facts of payments)
    if (facts.asOf >= (newest.get(facts.paymentId)?.asOf ?? Number.NEGATIVE_INFINITY)) newest.set(facts.paymentId, facts);
  const ordered = [...newest.values()].sort((left, right) => (left.paymentId < right.paymentId ? -1 : 1));
  const { rows } = await db.query<{ payment_id: string }>(
    `INSERT INTO actuator.payment_money AS held
       (payment_id, account_id, currency, captured, refunded, pending, charged_back, facts, as_of_ms)
     SELECT facts ->> 'paymentId', facts ->> 'accountId', facts ->> 'currency', (facts ->> 'capturedMinor')::bigint,
       (facts ->> 'refundedMinor')::bigint, (facts ->> 'refundPendingMinor')::bigint, (facts ->> 'chargedBackMinor')::bigint,
       facts, (facts ->> 'asOf')::numeric::bigint
     FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS told (facts, n) ORDER BY n
     ON CONFLICT (payment_id) DO UPDATE SET
       captured = excluded.captured, refunded = excluded.refunded, pending = excluded.pending,
       charged_back = excluded.charged_back, facts = excluded.facts, as_of_ms = excluded.as_of_ms,
       reserved = least(held.reserved,
         greatest(excluded.captured - excluded.refunded - excluded.pending - excluded.charged_back, 0))
     WHERE (held.as_of_ms < excluded.as_of_ms OR ($2 AND held.as_of_ms = excluded.as_of_ms)) AND held.facts IS DISTINCT FROM excluded.facts
     RETURNING payment_id`,
    [JSON.stringify(ordered), from === 'ledger'],
  );
  const acted = await actedOn(
    db,
    rows.map((row) => row.payment_id),
  );
  for (const paymentId of acted) await countReserved(db, paymentId);
  return acted;
}

/** Of these payments, those that an action is about; most findings lead to none. */
async function actedOn(db: Query, paymentIds: readonly string[]): Promise<readonly string[]> {
  if (paymentIds.length === 0) return [];
  const { rows } = await db.query<{ payment_id: string }>(
    'SELECT DISTINCT payment_id FROM actuator.action WHERE payment_id = ANY ($1::text[]) ORDER BY payment_id',
    [paymentIds],
  );
  return rows.map((row) => row.payment_id);
}

/** SQL: whether the ledger's sums contain the refund of action `a`, going by the facts of payment `p`. */
export const isShown = (a: string, p: string): string =>
  `coalesce(${p}.facts -> 'refundIds', '[]'::jsonb) ?| array_remove(ARRAY[${a}.reference, ${a}.key, ${a}.action_id], NULL)`;

/** The row of a payment, locked until the transaction ends: whoever wants its money comes one after the other. */
export async function lockPayment(db: Query, paymentId: string): Promise<PaymentMoney | undefined> {
  const { rows } = await db.query<{ facts: PaymentFacts; reserved: number }>(
    'SELECT facts, reserved FROM actuator.payment_money WHERE payment_id = $1 FOR UPDATE',
    [paymentId],
  );
  const row = rows[0];
  return row && { facts: row.facts, reservedMinor: row.reserved };
}

/**
 * Sums what our actions hold of a payment. The caller holds the payment's lock. One that the ledger shows, under the platform's
 * reference or our key or id as the refund's name, is in the ledger's own sums. Where the ledger tells of more than we can
 * recognise, what is left below the captured sum is all that we hold: the rest of it is taken as ours.
 */
export async function countReserved(db: Query, paymentId: string): Promise<void> {
  await db.query(
    `UPDATE actuator.payment_money AS p SET reserved = least(
       (SELECT coalesce(sum(a.amount_minor), 0) FROM actuator.action AS a
        WHERE a.payment_id = p.payment_id AND a.reserves AND a.state IN ('sent', 'unknown', 'pending', 'confirmed')
          AND NOT ${isShown('a', 'p')}),
       greatest(p.captured - p.refunded - p.pending - p.charged_back, 0))
     WHERE p.payment_id = $1`,
    [paymentId],
  );
}

/** Takes an amount for an action. The constraint of the table has the last word: it throws where guards were wrong. */
export async function reserve(db: Query, paymentId: string, amountMinor: number): Promise<void> {
  await db.query('UPDATE actuator.payment_money SET reserved = reserved + $2 WHERE payment_id = $1', [paymentId, amountMinor]);
}

import type { PaymentFacts } from '#detection/finding';
import type { Query } from '#apps/actuator/query';

export interface PaymentMoney {
  readonly facts: PaymentFacts;
  /** Held by our actions and not in the facts. */
  readonly reservedMinor: number;
}

/**
 * Stores newer facts of payments (older ones change nothing) and counts anew what our own actions hold: an action whose refund the
 * ledger now shows holds nothing more. Waiting actions on those payments are looked at again at once. Facts that came with an order
 * are of the time of its approval: they only fill a gap, for news of the same event time may have come first.
 */
export async function storeFacts(
  db: Query,
  payments: readonly PaymentFacts[],
  from: 'ledger' | 'order',
  nowMs: number,
): Promise<void> {
  if (payments.length === 0) return;
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
  for (const { payment_id: paymentId } of rows) {
    await countReserved(db, paymentId);
    await db.query(
      `UPDATE actuator.action SET next_ms = least(next_ms, $2) WHERE payment_id = $1 AND state IN ('pending', 'unknown')`,
      [paymentId, nowMs],
    );
  }
}

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
          AND NOT coalesce(p.facts -> 'refundIds', '[]'::jsonb) ?| array_remove(ARRAY[a.reference, a.key, a.action_id], NULL)),
       greatest(p.captured - p.refunded - p.pending - p.charged_back, 0))
     WHERE p.payment_id = $1`,
    [paymentId],
  );
}

/** Takes an amount for an action. The constraint of the table has the last word: it throws where guards were wrong. */
export async function reserve(db: Query, paymentId: string, amountMinor: number): Promise<void> {
  await db.query('UPDATE actuator.payment_money SET reserved = reserved + $2 WHERE payment_id = $1', [paymentId, amountMinor]);
}

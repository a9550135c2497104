import type { Query } from '#apps/casework/store/query';

/** What a request was answered, kept to answer its repetition alike. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface KeyedRequest {
  readonly person: string;
  readonly key: string;
  /** Over method, path, precondition and body: the same key with another digest is another request. */
  readonly digest: string;
  readonly atMs: number;
}

export type Claim =
  { readonly kind: 'first' } | { readonly kind: 'repeated'; readonly answer: Answer } | { readonly kind: 'other-request' };

/**
 * Claims an idempotency key within the transaction that does the work. A second request with the key waits here until the first
 * has committed, and then finds its answer; when the first rolled back, the second is the first.
 */
export async function claimKey(db: Query, request: KeyedRequest): Promise<Claim> {
  const claimed = await db.query(
    `INSERT INTO casework.api_request (person, key, digest, at_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person, key) DO NOTHING RETURNING key`,
    [request.person, request.key, request.digest, request.atMs],
  );
  if (claimed.rows.length > 0) return { kind: 'first' };
  const { rows } = await db.query<{ digest: string; answer: Answer }>(
    'SELECT digest, answer FROM casework.api_request WHERE person = $1 AND key = $2',
    [request.person, request.key],
  );
  const stored = rows[0];
  if (!stored) throw new Error(`reading idempotency key ${request.key} of ${request.person}: the row is gone`);
  return stored.digest === request.digest ? { kind: 'repeated', answer: stored.answer } : { kind: 'other-request' };
}

/** Whom a request is about: its answer is erased with them. */
export async function noteAccount(db: Query, { person, key }: KeyedRequest, accountId: string): Promise<void> {
  await db.query('UPDATE casework.api_request SET account_id = $3 WHERE person = $1 AND key = $2', [person, key, accountId]);
}

export async function keepAnswer(db: Query, request: KeyedRequest, answer: Answer): Promise<void> {
  await db.query('UPDATE casework.api_request SET answer = $3 WHERE person = $1 AND key = $2', [
    request.person,
    request.key,
    JSON.stringify(answer),
  ]);
}

/** Forgets requests and messages older than an instant, at most `limit` of each, and sums that no hour reaches back to; how many at most. */
export async function forgetOld(db: Query, beforeMs: { requests: number; messages: number }, limit: number): Promise<number> {
  const requests = await db.query(
    `DELETE FROM casework.api_request WHERE (person, key) IN
       (SELECT person, key FROM casework.api_request WHERE at_ms < $1 LIMIT $2) RETURNING 1`,
    [beforeMs.requests, limit],
  );
  const messages = await db.query(
    `DELETE FROM casework.seen_message WHERE id IN (SELECT id FROM casework.seen_message WHERE at_ms < $1 LIMIT $2) RETURNING 1`,
    [beforeMs.messages, limit],
  );
  await db.query('DELETE FROM casework.approved_money WHERE minute_ms < $1', [beforeMs.requests]);
  await db.query('DELETE FROM casework.approved_velocity WHERE minute_ms < $1', [beforeMs.requests]);
  await db.query(
    'DELETE FROM casework.approved_hour WHERE hour_ms < $1 AND hour_ms > (SELECT min(hour_ms) FROM casework.approved_hour)',
    [beforeMs.messages],
  );
  return Math.max(requests.rows.length, messages.rows.length);
}

import { policyDocument, storedPolicy } from '#action/policy-document';
import type { PolicyVersion } from '#action/policy-version';
import type { Policy } from '#action/policy';
import type { InstantMs } from '#kernel/time';
import type { Transaction } from '#stream/store';
import { policyMessage, topics } from '#apps/casework/consume/messages';
import { writePolicyChange } from '#apps/casework/store/policy-changes';
import type { Page } from '#apps/casework/api/cursor';
import { Conditions, type Query } from '#apps/casework/store/query';

export type PolicyText = Readonly<Record<string, unknown>>;

export interface StoredPolicy {
  readonly held: PolicyVersion;
  readonly document: PolicyText;
  readonly createdAt: InstantMs;
  readonly changedAt: InstantMs;
}

const LOCK = `hashtextextended('makewhole.casework.policy', 0)`;

/** Who changes which policy is live waits for the decisions under way, and the next ones wait for it: none is made under the other. */
export async function lockPolicies(db: Query): Promise<void> {
  await db.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
}

/** By what a transaction decides. */
export interface InForce {
  readonly policy: Policy;
  readonly breakerOpen: boolean;
}

/**
 * The policy of all decisions of this transaction, and whether the breaker is open. The policy stays the live one until the transaction ends.
 * @param configured holds while no version is stored
 */
export async function readInForce(db: Query, configured: Policy, now: InstantMs): Promise<InForce> {
  await db.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`);
  const { rows } = await db.query<{ document: unknown; open: boolean }>(
    `SELECT (SELECT document FROM casework.policy_version WHERE state = 'live') AS document,
       EXISTS (SELECT 1 FROM casework.breaker WHERE closed_at_ms IS NULL AND until_ms > $1) AS open`,
    [now],
  );
  const { document, open } = rows[0]!;
  return { policy: document === null ? configured : storedPolicy(document), breakerOpen: open };
}

export const readLivePolicy = async (db: Query, configured: Policy, now: InstantMs): Promise<Policy> =>
  (await readInForce(db, configured, now)).policy;

/** Stores the configuration's policy as the first version, live at once, where there is none. Returns what is live. */
export async function seedPolicy(transaction: Transaction, configured: Policy, now: InstantMs): Promise<string> {
  await lockPolicies(transaction);
  const live = await readPolicyRow(transaction, { state: 'live' });
  if (live !== undefined) return live.held.version;
  const { version } = configured;
  const document = policyDocument(configured);
  const held: PolicyVersion = {
    ...{ version, state: 'live', authors: ['configuration'], approvedBy: null },
    ...{ rollback: null, revision: 1 },
  };
  await insertPolicy(transaction, held, document, now);
  const change = { at: now, by: 'configuration', what: 'live', version, before: null, after: { ...held, document }, why: null };
  await tellLive(transaction, await writePolicyChange(transaction, change), { version, document }, now);
  return version;
}

/** Those who carry actions out hear of it with the commit. */
export function tellLive(
  transaction: Transaction,
  sequence: number,
  live: { readonly version: string; readonly document: PolicyText },
  now: InstantMs,
): void {
  transaction.emit(topics.actions, policyMessage({ ...live, sequence }, now));
}

/** False when the version is taken. */
export async function insertPolicy(db: Query, held: PolicyVersion, document: PolicyText, now: InstantMs): Promise<boolean> {
  const { rows } = await db.query(
    `INSERT INTO casework.policy_version (version, state, authors, approved_by, revision, document, created_at_ms, changed_at_ms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (version) DO NOTHING RETURNING version`,
    [held.version, held.state, held.authors, held.approvedBy, held.revision, JSON.stringify(document), now],
  );
  return rows.length > 0;
}

/** @param document what a draft says now; undefined where that stays */
export async function updatePolicy(
  db: Query,
  held: PolicyVersion,
  document: PolicyText | undefined,
  now: InstantMs,
): Promise<void> {
  await db.query(
    `UPDATE casework.policy_version SET state = $2, authors = $3, approved_by = $4, rollback = $5, revision = $6,
       document = coalesce($7, document), changed_at_ms = $8
     WHERE version = $1`,
    [
      held.version,
      held.state,
      held.authors,
      held.approvedBy,
      held.rollback === null ? null : JSON.stringify(held.rollback),
      held.revision,
      document === undefined ? null : JSON.stringify(document),
      now,
    ],
  );
}

interface PolicyRow {
  readonly version: string;
  readonly state: PolicyVersion['state'];
  readonly authors: readonly string[];
  readonly approved_by: string | null;
  readonly rollback: PolicyVersion['rollback'];
  readonly revision: number;
  readonly document: PolicyText;
  readonly created_at_ms: InstantMs;
  readonly changed_at_ms: InstantMs;
}

const SELECT = `SELECT version, state, authors, approved_by, rollback, revision, document, created_at_ms, changed_at_ms
  FROM casework.policy_version`;

const asStored = ({ document, created_at_ms: createdAt, changed_at_ms: changedAt, ...row }: PolicyRow): StoredPolicy => ({
  held: {
    version: row.version,
    state: row.state,
    authors: row.authors,
    approvedBy: row.approved_by,
    rollback: row.rollback,
    revision: row.revision,
  },
  document,
  createdAt,
  changedAt,
});

export async function readPolicyRow(
  db: Query,
  which: { readonly version: string } | { readonly state: 'live' },
): Promise<StoredPolicy | undefined> {
  const [column, value] = Object.entries(which)[0]!;
  const { rows } = await db.query<PolicyRow>(`${SELECT} WHERE ${column} = $1`, [value]);
  return rows[0] && asStored(rows[0]);
}

/** Newest first; one row more than `limit`. */
export async function listPolicies(
  db: Query,
  filter: { readonly state?: string | undefined },
  page: Page,
): Promise<readonly StoredPolicy[]> {
  const conditions = new Conditions();
  if (filter.state) conditions.add('state = $?', filter.state);
  if (page.after) conditions.add('(created_at_ms, version) < ($?, $?)', page.after.atMs, page.after.id);
  const { where } = conditions;
  const limit = conditions.parameter(page.limit + 1);
  const { rows } = await db.query<PolicyRow>(
    `${SELECT} ${where} ORDER BY created_at_ms DESC, version DESC LIMIT ${limit}`,
    conditions.values,
  );
  return rows.map(asStored);
}

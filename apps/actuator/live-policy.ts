import type { InstantMs } from '#kernel/time';
import type { PolicyMessage } from '#action/action';
import { storedPolicy } from '#action/policy-document';
import type { Policy } from '#action/policy';
import type { SendPolicy } from '#apps/actuator/prepare-call';
import type { Query } from '#apps/actuator/query';

/** What this process was started with. */
export interface StandingPolicy {
  /** Holds until casework tells which one is live. */
  readonly configured: Policy;
  /** Whatever the policy says: nothing is sent. */
  readonly dryRun: boolean;
}

const LOCK = `hashtextextended('makewhole.actuator.policy', 0)`;

/** Keeps the newest that was told. It waits for the calls that are being prepared, and the next ones wait for it. */
export async function storePolicy(db: Query, { version, sequence, document }: PolicyMessage, now: InstantMs): Promise<void> {
  await db.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
  await db.query(
    `INSERT INTO actuator.live_policy AS held (version, sequence, document, told_ms) VALUES ($1, $2, $3, $4)
     ON CONFLICT (one) DO UPDATE SET version = excluded.version, sequence = excluded.sequence, document = excluded.document,
       told_ms = excluded.told_ms
     WHERE held.sequence < excluded.sequence`,
    [version, sequence, JSON.stringify(document), now],
  );
}

/**
 * The policy that calls of this transaction are prepared under, one for all processes. Throws where this release cannot read it: then no
 * money moves until one that can is running.
 */
export async function readSendPolicy(db: Query, { configured, dryRun }: StandingPolicy): Promise<SendPolicy> {
  await db.query(`SELECT pg_advisory_xact_lock_shared(${LOCK})`);
  const { rows } = await db.query<{ document: unknown }>('SELECT document FROM actuator.live_policy');
  const policy = rows[0] === undefined ? configured : storedPolicy(rows[0].document);
  return { ...policy, dryRun: policy.dryRun || dryRun };
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { AuditDatabase, AuditLog } from '#apps/makewhole/verify/sources';

/** What each service reads. */
const readings: readonly (readonly [service: string, topic: string])[] = [
  ['detector', 'payment-events'],
  ['scopes', 'scope-events'],
  ['casework', 'findings'],
  ['casework', 'action-results'],
  ['actuator', 'findings'],
  ['actuator', 'actions'],
];

export type OpenAudit = () => Promise<{ readonly database: AuditDatabase; readonly log: AuditLog; close(): Promise<void> }>;

/** What is still under way, in words; empty when the whole system is at rest. */
export async function restlessness({ database, log }: { database: AuditDatabase; log: AuditLog }): Promise<readonly string[]> {
  const restless: string[] = [];
  for (const [service, topic] of readings) {
    const ends = await log.partitions(topic);
    const progress = await database.query<{ partition: number; next_offset: number }>(
      `SELECT partition, next_offset FROM ${service}.partition_progress WHERE topic = $1`,
      [topic],
    );
    const done = new Map(progress.map((row) => [row.partition, row.next_offset]));
    const behind = ends.reduce((sum, { partition, end }) => sum + Math.max(0, end - (done.get(partition) ?? 0)), 0);
    if (behind > 0) restless.push(`${service} is ${behind} records of ${topic} behind`);
  }
  for (const service of ['detector', 'scopes', 'casework', 'actuator']) {
    const [outbox] = await database.query<{ count: number }>(`SELECT count(*) AS count FROM ${service}.outbox`);
    if (outbox && outbox.count > 0) restless.push(`${outbox.count} messages wait in the outbox of ${service}`);
  }
  const [open] = await database.query<{ count: number }>(
    `SELECT count(*) AS count FROM casework.action
     WHERE state IN ('approved', 'sent', 'pending', 'unknown') OR (state IN ('proposed', 'awaiting_approval') AND guard = 'stale-facts')`,
  );
  if (open && open.count > 0) restless.push(`${open.count} actions are under way`);
  return restless;
}

/** Resolves when nothing was under way for `calmMs`; throws with what still was after `limitMs`. */
export async function untilQuiet(open: OpenAudit, calmMs = 1_200, limitMs = 240_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  let calmSince: number | undefined;
  let last: readonly string[] = ['nothing was read yet'];
  while (Date.now() < deadline) {
    last = await look(open).catch((error: unknown) => [String(error)]);
    if (last.length > 0) calmSince = undefined;
    else calmSince ??= Date.now();
    if (calmSince !== undefined && Date.now() - calmSince >= calmMs) return;
    await sleep(250);
  }
  throw new Error(`not quiet after ${limitMs} ms: ${last.join('; ')}`);
}

async function look(open: OpenAudit): Promise<readonly string[]> {
  const audit = await open();
  try {
    return await restlessness(audit);
  } finally {
    await audit.close();
  }
}

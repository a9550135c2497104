import type { InstantMs } from '#kernel/time';
import { cutCase, eraseCase } from '#case/erasure';
import type { ConfigTree } from '#config/schema';
import { changeCases, type CaseworkRules, type Effects } from '#apps/casework/consume/case-transaction';
import { forgetOld } from '#apps/casework/store/api-requests';
import type { StoredCase } from '#apps/casework/store/case-rows';
import { eraseRowsOfCases, plainLines } from '#apps/casework/store/erasure-rows';
import {
  cutEntries,
  forgetAudit,
  forgetDecisions,
  forgetFiles,
  forgetFindings,
  lockExpiredCases,
  markReduced,
} from '#apps/casework/store/retention-rows';
import { type Database, transact } from '#apps/casework/store/transact';

export type Retention = ConfigTree['retention'];

/** At most so many of each class in one step. */
const CASES_MAX = 50;
const FILES_MAX = 100;
const ROWS_MAX = 10_000;

/** One bounded step of forgetting what has been kept long enough. `isDone`: nothing more is left to forget now. */
export async function keepRetention(
  database: Database,
  rules: CaseworkRules,
  keep: Retention,
  now: InstantMs,
): Promise<{ readonly effects: Effects; readonly isDone: boolean }> {
  const { pool } = database;
  const old = await forgetOld(pool, { requests: now - keep.requestsMs, messages: now - keep.messagesMs }, ROWS_MAX);
  const findings = await forgetFindings(pool, now - keep.findingsMs, ROWS_MAX);
  const files = await forgetFiles(pool, now - keep.filesMs, now, FILES_MAX);
  await forgetAudit(pool, now - keep.auditMs);
  const effects = await reduceCases(database, rules, now - keep.casesMs, now);
  const isDone = Math.max(old, findings) < ROWS_MAX && files < FILES_MAX && effects.cases.length < CASES_MAX;
  return { effects, isDone };
}

/**
 * A case whose time is over keeps what money rests on: its ids, sums, actions and their keys, its number and its end. What was personal
 * goes, and its history with it, but for one that people merged or split: there the history says to whom money belongs.
 */
const reduceCases = (database: Database, rules: CaseworkRules, before: InstantMs, now: InstantMs): Promise<Effects> =>
  transact(database, 'cutting cases whose time is over', async (transaction) => {
    const stored = await lockExpiredCases(transaction, before, CASES_MAX);
    if (stored.length === 0) return { changes: [], cases: [], actions: [] };
    const kept = new Map<string, Awaited<ReturnType<typeof plainLines>>>();
    for (const { case: held } of stored.filter(isRegrouped)) kept.set(held.caseId, await plainLines(transaction, held.caseId));
    const { effects } = await changeCases(transaction, rules, now, stored, {
      steps: (locked) => {
        for (const { case: held, head } of stored) {
          const lines = kept.get(held.caseId);
          const erasing = { now, reason: 'retention', by: 'makewhole', requestedBy: 'makewhole' };
          locked.apply(
            lines === undefined
              ? cutCase(held, head, now)
              : eraseCase(
                  held,
                  erasing,
                  lines.map(({ named }) => named),
                ),
          );
        }
        return [];
      },
    });
    const ids = stored.map(({ case: { caseId } }) => caseId);
    const left = [...kept.values()].flat().map((line) => line.left);
    await eraseRowsOfCases(transaction, ids, left, now);
    const cut = stored.filter((one) => !isRegrouped(one));
    await cutEntries(
      transaction,
      cut.map(({ head }) => ({ caseId: head.caseId, through: head.sequence })),
    );
    await forgetDecisions(transaction, ids);
    await markReduced(transaction, ids, now);
    return effects;
  });

const isRegrouped = ({ case: { handedOver, cameFrom } }: StoredCase): boolean =>
  handedOver !== undefined || cameFrom !== undefined;

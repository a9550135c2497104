import type { Pool } from 'pg';
import { defaultPolicy } from '#action/default-policy';
import { stepAfter } from '#action/step';
import { clockSettings } from '#case/clocks';
import type { HandedOver } from '#case/hand-over';
import { mergeCases } from '#case/merge-cases';
import { reopenAsLinked } from '#case/reopen-case';
import { splitCase } from '#case/split-case';
import type { Result } from '#kernel/result';
import { defaultsOf } from '#kernel/setting';
import { openPool } from '#postgres/pool';
import { changeCases } from '#apps/casework/consume/case-transaction';
import { lockCases, type StoredCase } from '#apps/casework/store/case-rows';
import { moveBelongings } from '#apps/casework/store/desk-rows';
import { transact } from '#apps/casework/store/transact';

const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };
const now = Date.now();
const wish = { by: 'ines', now, reason: 'regrouped for the audit' };

/** Merges, splits and reopens what can be in a database that casework left behind, as its API does; says how often each was done. */
export async function regroupCases(databaseUrl: string): Promise<Readonly<Record<'merged' | 'split' | 'reopened', number>>> {
  const pool = openPool(databaseUrl, { max: 2, applicationName: 'regrouping' });
  try {
    const ids = async (sql: string): Promise<readonly string[][]> =>
      (await pool.query<{ ids: string[] }>(sql)).rows.map((row) => row.ids);
    const pairs = await ids(
      `SELECT (array_agg(case_id ORDER BY case_id))[1:2] AS ids FROM casework.cases WHERE status = 'open' AND account_id IS NOT NULL
       GROUP BY account_id HAVING count(*) > 1`,
    );
    const ended = await ids(
      `SELECT ARRAY[case_id] AS ids FROM casework.cases WHERE status = 'closed' AND account_id IS NOT NULL LIMIT 5`,
    );
    let [merged, split, reopened] = [0, 0, 0];
    for (const pair of pairs) {
      merged += await regroup(pool, pair, ([into, from]) => mergeCases(from!.case, into!.case, from!.head, wish));
      split += await regroup(pool, [pair[0]!], ([held]) => {
        const parts = held!.case.findings.map(({ findingId }) => splitCase(held!.case, [findingId], wish));
        return parts.find(({ ok }) => ok) ?? parts[0]!;
      });
    }
    for (const one of ended) reopened += await regroup(pool, one, ([held]) => reopenAsLinked(held!.case, { ...wish, ...rules }));
    return { merged, split, reopened };
  } finally {
    await pool.end();
  }
}

function regroup(
  pool: Pool,
  caseIds: readonly string[],
  how: (stored: readonly StoredCase[]) => Result<HandedOver, unknown>,
): Promise<number> {
  return transact(pool, 'regrouping', async (transaction) => {
    const locked = await lockCases(transaction, caseIds);
    const stored = caseIds.map((id) => locked.find(({ case: { caseId } }) => caseId === id)!);
    const done = how(stored);
    if (!done.ok) return 0;
    const { from, to } = done.value;
    await changeCases(transaction, rules, now, stored, (cases, context) => {
      cases.apply(from);
      const before = stored.find(({ case: { caseId } }) => caseId === to.case.caseId)?.case;
      const { changes } = stepAfter(before, to, { ...context, isBehind: () => true });
      for (const change of changes) cases.apply(change);
      return [];
    });
    await moveBelongings(transaction, done.value);
    return 1;
  });
}

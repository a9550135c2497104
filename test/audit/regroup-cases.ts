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
import { changeCases, type Steps } from '#apps/casework/consume/case-transaction';
import { lockCases, type StoredCase } from '#apps/casework/store/case-rows';
import { moveBelongings } from '#apps/casework/store/desk-rows';
import { transact } from '#apps/casework/store/transact';
import { testVault } from '#test/casework/test-vault';

const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };
const now = Date.now();
const wish = { by: 'ines', now, reason: 'regrouped for the audit' };

const ofOneBuyer = 'SELECT array_agg(case_id ORDER BY case_id) AS ids FROM casework.cases WHERE account_id IS NOT NULL';

/** Merges, splits and reopens what can be in a database that casework left behind, as its API does; says how often each was done. */
export async function regroupCases(databaseUrl: string): Promise<Readonly<Record<'merged' | 'split' | 'reopened', number>>> {
  const pool = openPool(databaseUrl, { max: 2, applicationName: 'regrouping' });
  try {
    const query = async (sql: string): Promise<readonly string[][]> =>
      (await pool.query<{ ids: string[] }>(sql)).rows.map((row) => row.ids);
    let [merged, split, reopened] = [0, 0, 0];
    for (const ids of await query(`${ofOneBuyer} AND status = 'closed' GROUP BY account_id HAVING count(*) > 1 LIMIT 10`))
      for (const id of ids) reopened += await regroup(pool, [id], ([held]) => reopenAsLinked(held!.case, { ...wish, ...rules }));
    for (const [into, from] of await query(`${ofOneBuyer} AND status = 'open' GROUP BY account_id HAVING count(*) > 1`)) {
      merged += await regroup(pool, [into!, from!], ([taker, giver]) => mergeCases(giver!.case, taker!.case, giver!.head, wish));
      split += await regroup(pool, [into!], ([held]) => {
        const parts = held!.case.findings.map(({ findingId }) => splitCase(held!.case, [findingId], wish));
        return parts.find(({ ok }) => ok) ?? parts[0]!;
      });
    }
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
  return transact({ pool, vault: testVault() }, 'regrouping', async (transaction) => {
    const locked = await lockCases(transaction, caseIds);
    const stored = caseIds.map((id) => locked.find(({ case: { caseId } }) => caseId === id)!);
    const done = how(stored);
    if (!done.ok) return 0;
    const { from, to } = done.value;
    const steps: Steps = (cases, context) => {
      cases.apply(from);
      const before = stored.find(({ case: { caseId } }) => caseId === to.case.caseId)?.case;
      const { changes } = stepAfter(before, to, { ...context, isBehind: () => true });
      for (const change of changes) cases.apply(change);
      return [];
    };
    await changeCases(transaction, rules, now, stored, { steps });
    await moveBelongings(transaction, done.value);
    return 1;
  });
}

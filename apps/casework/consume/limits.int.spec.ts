import type { Pool } from 'pg';
import { defaultsOf } from '#kernel/setting';
import { days, hours, minutes } from '#kernel/time';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { handleBatch } from '#apps/casework/consume/casework-handler';
import { closeBreaker, isBreakerOpen, readBreaker } from '#apps/casework/store/breaker-rows';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { transact } from '#apps/casework/store/transact';
import { clockSettings } from '#case/clocks';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { testVault } from '#test/casework/test-vault';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { batchOf, findingRecord } from '#test/casework/finding-records';

describe('what may go out, over Postgres', () => {
  let database: TestDatabase;
  let pool: Pool;
  const vault = testVault();
  let count = 0;
  beforeEach(async () => {
    database = await testDatabase();
    await migrate(database.url, CASEWORK_SCHEMA, caseworkMigrations);
    pool = openPool(database.url, { max: 8, applicationName: 'limits' });
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  /** Certain duplicates of 50.00, each of a buyer of its own, in one batch. */
  const lose = (policy: Policy, now: number, howMany = 1, patch: Parameters<typeof duplicate>[0] = {}) => {
    const records = Array.from({ length: howMany }, () => {
      count += 1;
      const about = { findingId: `f-${count}`, accountId: `a-${count}`, orderId: `o-${count}`, paymentIds: [`p-${count}`] };
      return findingRecord(told(duplicate({ ...about, ...patch })), `m-${count}`);
    });
    const rules = { policy, clocks: defaultsOf(clockSettings) };
    const batch = batchOf('findings', records);
    return transact({ pool, vault }, 'applying', (transaction) => handleBatch(batch, transaction, rules, now));
  };
  const outcomes = async (): Promise<Readonly<Record<string, number>>> => {
    const { rows } = await pool.query<{ what: string; count: number }>(
      'SELECT coalesce(guard, state) AS what, count(*)::int AS count FROM casework.action GROUP BY 1',
    );
    return Object.fromEntries(rows.map(({ what, count: many }) => [what, many]));
  };
  const ordered = async (): Promise<number> => {
    const { rows } = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM casework.outbox WHERE topic = 'actions'`,
    );
    return rows[0]!.count;
  };

  it('what goes out for a merchant is one count for all partitions, and another merchant has its own', async () => {
    const velocity = [{ per: 'merchant', minutes: 60, countMax: 3 }] as const;
    const policy: Policy = { ...defaultPolicy, velocity };
    await Promise.all(Array.from({ length: 4 }, () => lose(policy, noon, 2)));
    expect(await outcomes()).toEqual({ approved: 3, velocity: 5 });
    await lose(policy, noon, 1, { merchantId: 'm-2' });
    await lose(policy, noon + minutes(62));
    expect(await outcomes()).toEqual({ approved: 5, velocity: 5 });
    expect(await ordered()).toBe(5);
  });

  const watchful: Policy = { ...defaultPolicy, breaker: { times: 3, countMin: 4, historyHours: 24, openMinutes: 60 } };

  it('a flood opens the breaker for all partitions at once: what leaves the usual is asked about, until its end', async () => {
    await lose(watchful, noon - days(2));
    await lose(watchful, noon - hours(20));
    await lose(watchful, noon, 3);
    expect(await outcomes()).toEqual({ approved: 5 });
    await Promise.all(Array.from({ length: 4 }, (_, n) => lose(watchful, noon + n)));
    expect(await outcomes()).toEqual({ approved: 5, awaiting_approval: 4 });
    const [opening, ...others] = await readBreaker(pool);
    expect(others).toEqual([]);
    expect(opening).toMatchObject({
      openedBy: 'makewhole',
      figures: { currency: 'EUR', count: 4, minor: 20_000, usualCount: 1, usualMinor: 5_000 },
      closed: null,
    });
    const { rows } = await pool.query('SELECT by, what FROM casework.policy_change');
    expect(rows).toEqual([{ by: 'makewhole', what: 'breaker opened' }]);
    await lose(watchful, opening!.until - 1);
    expect(await outcomes()).toMatchObject({ awaiting_approval: 5 });
    await lose(watchful, opening!.until + hours(1));
    expect(await outcomes()).toEqual({ approved: 6, awaiting_approval: 5 });
    expect(await ordered()).toBe(6);
  });

  it('a person who closes it excuses the hour: money moves again, and it does not open for the same', async () => {
    await lose(watchful, noon - days(2));
    await lose(watchful, noon, 4);
    expect(await outcomes()).toEqual({ approved: 1, awaiting_approval: 4 });
    expect(await isBreakerOpen(pool, noon)).toBe(true);
    expect(await closeBreaker(pool, 'anna', 'a campaign was called off', noon + 1)).toBe(1);
    await lose(watchful, noon + 2, 4);
    expect(await outcomes()).toEqual({ approved: 5, awaiting_approval: 4 });
    expect(await isBreakerOpen(pool, noon + 2)).toBe(false);
  });

  it('without a day of history nobody knows what is usual: budgets hold, the breaker stays closed', async () => {
    await lose(watchful, noon, 20);
    expect(await outcomes()).toEqual({ approved: 20 });
  });

  it('acts for buyers and merchants of the standing that a rule wants, and asks about others', async () => {
    const rule = { kinds: ['duplicate-charge'], confidence: ['certain'], action: 'refund' } as const;
    const policy: Policy = {
      ...defaultPolicy,
      rules: [
        { ...rule, decision: 'act', buyer: { refusedMax: 0 }, merchant: { openFindingsMax: 2 } },
        { ...rule, decision: 'ask' },
      ],
    };
    await lose(policy, noon, 1, { accountId: 'eve' });
    expect(await outcomes()).toEqual({ approved: 1 });
    await pool.query(`UPDATE casework.cases SET outcome = 'rejected' WHERE account_id = 'eve'`);
    await lose(policy, noon, 1, { accountId: 'eve', merchantId: 'm-9' });
    expect(await outcomes()).toEqual({ approved: 1, awaiting_approval: 1 });
    await lose(policy, noon);
    await lose(policy, noon);
    expect(await outcomes()).toEqual({ approved: 3, awaiting_approval: 1 });
    await lose(policy, noon);
    expect(await outcomes()).toEqual({ approved: 3, awaiting_approval: 2 });
    await lose({ ...policy, allow: [{ merchantId: 'm-1', until: noon + 1, reason: 'agreed' }] }, noon);
    expect(await outcomes()).toMatchObject({ approved: 4 });
  });
});

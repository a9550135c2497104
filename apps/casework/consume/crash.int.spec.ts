import type { Pool } from 'pg';
import { defaultsOf } from '#kernel/setting';
import { handleBatch } from '#apps/casework/consume/casework-handler';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { defaultPolicy } from '#action/default-policy';
import { clockSettings } from '#case/clocks';
import { PostgresConsumerStore } from '#postgres/consumer-store';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { Fenced } from '#stream/store';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { batchOf, findingRecord } from '#test/casework/finding-records';
import { testVault } from '#test/casework/test-vault';
import { withKeys } from '#apps/casework/store/store';

const vault = testVault();

const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };
const batch = batchOf('findings', [
  findingRecord(told(duplicate()), 'm-1'),
  findingRecord(told(duplicate({ findingId: 'f-2', accountId: 'a-2', orderId: 'o-2', paymentIds: ['p-3', 'p-4'] })), 'm-2'),
]);

describe('a batch of findings', () => {
  let database: TestDatabase;
  let pool: Pool;
  let store: PostgresConsumerStore;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.url, CASEWORK_SCHEMA, caseworkMigrations);
    pool = openPool(database.url, { max: 3, applicationName: 'crash' });
    store = new PostgresConsumerStore(pool, database.url, CASEWORK_SCHEMA);
  });
  afterAll(async () => {
    await store.leave('old');
    await pool.end();
    await database.drop();
  });

  const rowsOf = async (table: string): Promise<number> =>
    (await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM casework.${table}`)).rows[0]!.count;
  const tables = ['cases', 'case_money', 'case_entry', 'finding', 'action', 'outbox', 'seen_message'];

  it('that fails before its commit leaves nothing behind, and done again leaves everything once', async () => {
    const taken = await store.take('old', 'findings', 0, 10_000);
    const failing = store.commit(taken!, 2, async (transaction) => {
      await handleBatch(batch, withKeys(transaction, vault), rules, noon);
      throw new Error('the process died here');
    });
    await expect(failing).rejects.toThrow('the process died here');
    for (const table of tables) expect([table, await rowsOf(table)]).toEqual([table, 0]);

    const done = await store.commit(taken!, 2, (transaction) =>
      handleBatch(batch, withKeys(transaction, vault), rules, noon).then(() => undefined),
    );
    const counts = Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await rowsOf(table)] as const)));
    expect(counts).toMatchObject({ cases: 2, finding: 2, action: 2, outbox: 4, seen_message: 2 });

    await store.commit(done, 4, (transaction) =>
      handleBatch({ ...batch, records: batch.records }, withKeys(transaction, vault), rules, noon).then(() => undefined),
    );
    for (const table of tables) expect([table, await rowsOf(table)]).toEqual([table, counts[table]]);
  });

  it('of an owner whose time is over writes nothing', async () => {
    const old = (await store.take('old', 'findings', 1, 10_000))!;
    const { rows } = await pool.query<{ epoch: number }>(
      `UPDATE casework.partition_progress SET epoch = epoch + 1 WHERE topic = 'findings' AND partition = 1 RETURNING epoch`,
    );
    expect(rows[0]!.epoch).toBe(old.epoch + 1);
    const late = batchOf('findings', [findingRecord(told(duplicate({ findingId: 'f-9', accountId: 'a-9' })), 'm-9')]);
    const before = await rowsOf('cases');
    await expect(
      store.commit(old, 1, (transaction) => handleBatch(late, withKeys(transaction, vault), rules, noon).then(() => undefined)),
    ).rejects.toThrow(Fenced);
    expect(await rowsOf('cases')).toBe(before);
  });

  it('entries of a case can be neither changed nor removed', async () => {
    for (const statement of [`UPDATE casework.case_entry SET what = 'nothing'`, 'DELETE FROM casework.case_entry']) {
      await expect(pool.query(statement)).rejects.toThrow(/append-only/);
    }
  });
});

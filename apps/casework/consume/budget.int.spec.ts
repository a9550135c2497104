import type { Pool } from 'pg';
import { defaultsOf } from '#kernel/setting';
import { handleBatch } from '#apps/casework/consume/casework-handler';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { transact } from '#apps/casework/store/transact';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { clockSettings } from '#case/clocks';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { batchOf, findingRecord } from '#test/casework/finding-records';
import { testVault } from '#test/casework/test-vault';

const policy: Policy = { ...defaultPolicy, budgetPerHour: { minor: { EUR: 12_000 }, otherwise: 0 } };
const rules = { policy, clocks: defaultsOf(clockSettings) };

describe('the budget of the hour', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.url, CASEWORK_SCHEMA, caseworkMigrations);
    pool = openPool(database.url, { max: 8, applicationName: 'budget' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('is one for all partitions: of eight refunds of 50 at the same moment two fit into 120, and six are refused', async () => {
    const lose = (index: number) => {
      const patch = { findingId: `f-${index}`, accountId: `a-${index}`, orderId: `o-${index}`, paymentIds: [`p-${index}`] };
      const batch = batchOf('findings', [findingRecord(told(duplicate(patch)), `m-${index}`)]);
      return transact({ pool, vault: testVault() }, 'applying', (transaction) => handleBatch(batch, transaction, rules, noon));
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => lose(index)));
    const { rows } = await pool.query<{ state: string; guard: string | null; count: number }>(
      'SELECT state, guard, count(*)::int AS count FROM casework.action GROUP BY state, guard ORDER BY state',
    );
    expect(rows).toEqual([
      { state: 'approved', guard: null, count: 2 },
      { state: 'refused', guard: 'budget', count: 6 },
    ]);
    const orders = await pool.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM casework.outbox WHERE topic = 'actions'`,
    );
    expect(orders.rows[0]!.count).toBe(2);
  });
});

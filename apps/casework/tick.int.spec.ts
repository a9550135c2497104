import type { Pool } from 'pg';
import { days, formatInstant } from '#kernel/time';
import { defaultsOf } from '#kernel/setting';
import { handleBatch } from '#apps/casework/consume/casework-handler';
import { CASEWORK_SCHEMA, caseworkMigrations } from '#apps/casework/store/migrations';
import { transact } from '#apps/casework/store/transact';
import { tick } from '#apps/casework/tick';
import { LIFT_AHEAD_MS } from '#action/freeze';
import type { ActionResult } from '#action/action';
import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import type { Case } from '#case/case';
import { clockSettings } from '#case/clocks';
import { REVERSE_BY_HAND } from '#case/credit';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import type { NewRecord } from '#stream/log';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { batchOf, findingRecord, resultRecord } from '#test/casework/finding-records';
import { americanLoss, americanPayment } from '#test/money/american-loss';
import { testVault } from '#test/casework/test-vault';

const vault = testVault();

const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };
const afterAllClocks = noon + days(365);

describe('time that passes', () => {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.url, CASEWORK_SCHEMA, caseworkMigrations);
    pool = openPool(database.url, { max: 4, applicationName: 'tick' });
  });
  beforeEach(() => pool.query('TRUNCATE casework.cases, casework.finding, casework.seen_message, casework.outbox CASCADE'));
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const apply = (topic: string, records: readonly NewRecord[]) =>
    transact({ pool, vault }, 'applying', (transaction) => handleBatch(batchOf(topic, records), transaction, rules, noon));
  const openCases = (count: number) =>
    apply(
      'findings',
      Array.from({ length: count }, (_, index) => {
        const patch = { findingId: `f-${index}`, accountId: `a-${index}`, orderId: `o-${index}`, paymentIds: [`p-${index}`] };
        return findingRecord(told(duplicate({ ...patch, confidence: 'likely' })), `m-${index}`);
      }),
    );
  const cases = async (): Promise<readonly Case[]> =>
    (await pool.query<{ document: Case }>('SELECT document FROM casework.cases ORDER BY case_id')).rows.map(
      (row) => row.document,
    );
  const orders = async (kind: string): Promise<readonly string[]> =>
    (await pool.query<{ value: Buffer }>(`SELECT value FROM casework.outbox WHERE topic = 'actions'`)).rows
      .map(({ value }) => value.toString())
      .filter((text) => text.includes(`"kind":"${kind}"`));
  const missed = async (): Promise<number> =>
    (await cases()).flatMap(({ clocks }) => clocks).filter(({ state }) => state === 'missed').length;

  it('misses a clock at the first instant after its end, never before', async () => {
    await openCases(1);
    const due = Math.min(...(await cases())[0]!.clocks.map(({ dueAt }) => dueAt));
    expect((await tick({ pool, vault }, rules, due, 10)).due).toBe(0);
    expect(await missed()).toBe(0);
    expect((await tick({ pool, vault }, rules, due + 1, 10)).changes).toHaveLength(1);
    expect(await missed()).toBe(1);
    expect((await tick({ pool, vault }, rules, due + 1, 10)).changes).toHaveLength(0);
  });

  it('works off a burst after an outage a few cases at a time, and forgets none', async () => {
    await openCases(7);
    const sizes: number[] = [];
    for (let done = false; !done;) {
      const { due } = await tick({ pool, vault }, rules, afterAllClocks, 3);
      sizes.push(due);
      done = due === 0;
    }
    expect(sizes).toEqual([3, 3, 1, 0]);
    expect(await missed()).toBe(7 * 5);
  });

  it('is told once, however many processes look at the clock', async () => {
    await openCases(20);
    await pool.query('TRUNCATE casework.outbox');
    const ticks = await Promise.all([1, 2, 3, 4].map(() => tick({ pool, vault }, rules, afterAllClocks, 20)));
    expect(ticks.flatMap(({ changes }) => changes.map(({ case: held }) => held.caseId)).sort()).toEqual(
      (await cases()).map(({ caseId }) => caseId).sort(),
    );
    const { rows } = await pool.query<{ told: number }>('SELECT count(*)::int AS told FROM casework.outbox');
    expect(rows[0]!.told).toBe(20);
  });

  it('ends a freeze by itself, with an order of its own', async () => {
    const takeover = duplicate({ kind: 'account-takeover', loss: null, paymentIds: [] });
    await apply('findings', [findingRecord(told(takeover), 'm-1')]);
    const [held] = await cases();
    const freeze = held!.actions.find(({ kind }) => kind === 'freeze')!;
    const result: ActionResult = {
      ...{ actionId: freeze.actionId, key: freeze.key, caseId: held!.caseId, accountId: 'a-1', kind: 'freeze' },
      ...{ state: 'confirmed', at: '2026-03-02T12:00:01Z' },
    };
    await apply('action-results', [resultRecord(result, 'r-1')]);
    await tick({ pool, vault }, rules, freeze.until! - LIFT_AHEAD_MS - 1, 10);
    expect((await cases())[0]!.actions.map(({ kind }) => kind)).toEqual(['freeze', 'notify']);
    await tick({ pool, vault }, rules, freeze.until! - LIFT_AHEAD_MS + 1, 10);
    expect((await cases())[0]!.actions.at(-1)).toMatchObject({ kind: 'unfreeze', state: 'approved' });
    const { rows } = await pool.query<{ kind: string }>(
      `SELECT convert_from(value, 'UTF8')::json -> 'data' ->> 'kind' AS kind FROM casework.outbox WHERE topic = 'actions' ORDER BY id`,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['freeze', 'notify', 'unfreeze']);
  });

  it('credits an American loss once when ten business days are over, whoever ticks, and leaves it to people when it heals', async () => {
    const crediting: Policy = { ...defaultPolicy, accruals: [{ kind: 'provisional-credit', decision: 'act' }] };
    const under = { ...rules, policy: crediting };
    const say = (topic: string, ...records: readonly NewRecord[]) =>
      transact({ pool, vault }, 'applying', (transaction) => handleBatch(batchOf(topic, records), transaction, under, late));
    const credits = async () =>
      (await pool.query(`SELECT key, state FROM casework.action WHERE document ->> 'accrual' = 'provisional-credit'`)).rows;
    const late = noon + days(17);
    const loss = americanLoss({ at: formatInstant(noon) });
    await say('findings', findingRecord(told(loss, [americanPayment()]), 'us-1'));
    await Promise.all([1, 2].map(() => tick({ pool, vault }, under, late, 10)));
    await tick({ pool, vault }, under, late + days(1), 10);
    const [given] = await credits();
    expect(await credits()).toEqual([{ key: given.key, state: 'approved' }]);
    await say('findings', findingRecord(told(loss, [americanPayment({ asOf: 3_000 })]), 'us-1-again'));
    expect(await orders('compensate')).toHaveLength(1);
    const [action] = (await cases())[0]!.actions.filter(({ kind }) => kind === 'compensate');
    const { actionId, key } = action!;
    const result: ActionResult = {
      ...{ actionId, key, caseId: (await cases())[0]!.caseId, accountId: 'buyer-1' },
      ...{ kind: 'compensate', state: 'confirmed', at: formatInstant(late) },
    };
    await say('action-results', resultRecord(result, 'r-1'));
    await say(
      'findings',
      findingRecord(told({ ...loss, status: 'cleared' }, [americanPayment({ refundedMinor: 5_000, asOf: 4_000 })]), 'us-1-over'),
    );
    expect((await cases())[0]!.stage).not.toBe('closed');
    const { rows } = await pool.query(
      `SELECT data ->> 'reason' AS reason FROM casework.case_entry WHERE what = 'credited and healed'`,
    );
    expect(rows).toEqual([{ reason: REVERSE_BY_HAND }]);
    expect(await orders('compensate')).toHaveLength(1);
  });
});

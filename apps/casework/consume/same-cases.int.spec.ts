import fc from 'fast-check';
import type { Pool } from 'pg';
import { defaultsOf } from '#kernel/setting';
import type { ActionOrder } from '#action/action';
import { CaseBook, ownerOf } from '#action/case-book';
import { defaultPolicy } from '#action/default-policy';
import { movesMoney, type Policy } from '#action/policy';
import { stepMessage } from '#action/step';
import type { Case } from '#case/case';
import { clockSettings } from '#case/clocks';
import { findChainFault } from '#case/evidence';
import type { FindingMessage } from '#detection/finding';
import { migrate } from '#postgres/migrate';
import { openPool } from '#postgres/pool';
import { testDatabase, type TestDatabase } from '#postgres/test-database';
import { anyMessages, noon } from '#test/casework/finding-messages';
import { batchOf, findingRecord } from '#test/casework/finding-records';
import { strayListedRows } from '#test/casework/listed-rows';
import { testVault } from '#test/casework/test-vault';
import { openCases } from '#apps/casework/store/case-rows';
import { readingStore } from '#apps/casework/store/store';
import type { SealedDocument } from '#apps/casework/vault/sealed-document';
import { readEntries } from '#apps/casework/store/entry-rows';
import { caseworkMigrations } from '#apps/casework/store/migrations';
import { transact } from '#apps/casework/store/transact';
import { handleBatch } from '#apps/casework/consume/casework-handler';
import { runs } from '#test/laws/runs';

const vault = testVault();

/** Nothing leaves by itself: what the book would take back, casework has not sent either. */
const asking: Policy = {
  ...defaultPolicy,
  rules: defaultPolicy.rules.map((rule) => (rule.decision === 'act' ? { ...rule, decision: 'ask' } : rule)),
};
const clocks = defaultsOf(clockSettings);
const rules = (policy: Policy) => ({ policy, clocks });
const EMPTY =
  'TRUNCATE casework.cases, casework.finding, casework.seen_message, casework.outbox, casework.approved_money CASCADE';

describe('casework over Postgres and the case book in memory', () => {
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await testDatabase();
    await migrate(database.url, 'casework', caseworkMigrations);
    pool = openPool(database.url, { max: 2, applicationName: 'same cases' });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  it('make the same cases of the same findings, however they are cut into batches, each batch taken twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyMessages, fc.integer({ min: 1, max: 15 }), async (messages, size) => {
        await pool.query(EMPTY);
        const book = new CaseBook({ policy: asking });
        for (let from = 0; from < messages.length; from += size) {
          const now = noon + from * 60_000;
          const part = messages.slice(from, from + size);
          for (const message of part) book.feed(message, now);
          const batch = batchOf(
            'findings',
            part.map((message, index) => findingRecord(message, `m-${from + index}`)),
          );
          for (let round = 0; round < 2; round += 1) {
            await transact({ pool, vault }, 'applying', (transaction) => handleBatch(batch, transaction, rules(asking), now));
          }
        }
        const cases = await storedCases(pool);
        expect(cases).toEqual(asJson(book.cases()));
        await expectWholeChains(pool);
        expect(await strayListedRows(pool)).toEqual([]);
      }),
      runs(60),
    );
  }, 120_000);

  it('order what policy approves exactly once, within the budget of the hour', async () => {
    const policy: Policy = { ...defaultPolicy, budgetPerHour: { minor: { EUR: 120_000 }, otherwise: 60_000 } };
    await fc.assert(
      fc.asyncProperty(anyMessages, fc.integer({ min: 1, max: 15 }), async (messages, size) => {
        await pool.query(EMPTY);
        const plain = new PlainBook(policy);
        for (let from = 0; from < messages.length; from += size) {
          const now = noon + from * 660_000;
          const part = messages.slice(from, from + size);
          for (const message of part) plain.feed(message, now);
          const batch = batchOf(
            'findings',
            part.map((message, index) => findingRecord(message, `m-${from + index}`)),
          );
          await transact({ pool, vault }, 'applying', (transaction) => handleBatch(batch, transaction, rules(policy), now));
        }
        const { rows } = await pool.query<{ value: Buffer }>(
          `SELECT value FROM casework.outbox WHERE topic = 'actions' ORDER BY id`,
        );
        const ordered = rows.map(({ value }) => (JSON.parse(value.toString('utf8')) as { data: unknown }).data);
        expect(ordered).toEqual(JSON.parse(JSON.stringify(plain.orders)));
        expect(await storedCases(pool)).toEqual(asJson(plain.cases()));
      }),
      runs(60),
    );
  }, 120_000);
});

/** The pure steps one message at a time over all cases there are: no batches, no look-ups, no database. */
class PlainBook {
  private readonly byId = new Map<string, Case>();
  readonly orders: ActionOrder[] = [];
  private readonly spent: { at: number; currency: string; minor: number }[] = [];

  constructor(private readonly policy: Policy) {}

  feed(message: FindingMessage, now: number): void {
    const owner = ownerOf(message);
    const own = [...this.byId.values()].filter(
      (held) => ownerOf({ type: 'finding', finding: held.findings[0]!, payments: [] }) === owner,
    );
    const spentMinor = (currency: string): number =>
      this.spent
        .filter((entry) => entry.currency === currency && entry.at > now - 3_600_000)
        .reduce((sum, { minor }) => sum + minor, 0);
    const step = stepMessage(own, message, { now, policy: this.policy, clocks, spentMinor, sends: true });
    for (const { case: changed } of step.changes) this.byId.set(changed.caseId, changed);
    this.orders.push(...step.orders);
    for (const { kind, amount } of step.orders)
      if (amount !== undefined && movesMoney(kind)) this.spent.push({ at: now, ...amount });
  }

  cases(): readonly Case[] {
    return [...this.byId.values()].sort((left, right) => left.openedAt - right.openedAt || (left.caseId < right.caseId ? -1 : 1));
  }
}

const asJson = (cases: readonly Case[]): unknown => JSON.parse(JSON.stringify(cases));

async function storedCases(pool: Pool): Promise<readonly Case[]> {
  const { rows } = await pool.query<SealedDocument<Case>>(
    'SELECT document, sealed FROM casework.cases ORDER BY opened_at_ms, case_id COLLATE "C"',
  );
  return openCases(readingStore(pool, vault), rows);
}

async function expectWholeChains(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ caseId: string; sequence: number; hash: string }>(
    'SELECT case_id AS "caseId", entry_count AS sequence, chain_head AS hash FROM casework.cases',
  );
  for (const head of rows) {
    const entries = await readEntries(readingStore(pool, vault), head.caseId, { afterSequence: 0, limit: 1_000 });
    expect(findChainFault(entries, head)).toBeUndefined();
  }
}

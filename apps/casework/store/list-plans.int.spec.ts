import { defaultPolicy } from '#action/default-policy';
import type { Finding } from '#detection/finding';
import { decodeCursor } from '#apps/casework/api/cursor';
import { readQueues } from '#apps/casework/store/desk-rows';
import { listActions } from '#apps/casework/store/list-actions';
import { findingKey, lockCases, lockCasesOfMoney } from '#apps/casework/store/case-rows';
import { lockFindings } from '#apps/casework/store/finding-rows';
import { listCases } from '#apps/casework/store/list-cases';
import { listFindings } from '#apps/casework/store/list-findings';
import { readStandings } from '#apps/casework/store/standing-rows';
import { suppressionsFor } from '#apps/casework/store/suppression-rows';
import { readingStore, type Store } from '#apps/casework/store/store';
import { searchCases } from '#apps/casework/store/search-cases';
import { copyCases } from '#test/casework/copy-cases';
import { noon } from '#test/casework/finding-messages';
import { type ListRequest, listRequests } from '#test/casework/list-requests';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { markerOf, seedCases, seedFinding } from '#test/casework/seed-cases';
import { testVault } from '#test/casework/test-vault';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

const COPIES = 130;
/** A tenth of the cases: a page is 50 rows, and no list of these looks at more than it shows but for what is picked out of few. */
const ROWS_MAX = 2_000;

describe('over 20,000 cases', () => {
  let casework: RunningCasework;
  beforeAll(async () => {
    const policy = { ...defaultPolicy, budgetPerHour: { minor: {}, otherwise: Number.MAX_SAFE_INTEGER } };
    casework = await startCasework({ policy, clock: () => noon + 60_000 });
    await seedCases(casework, 200);
    await copyCases(casework.pool, COPIES);
  }, 300_000);
  afterAll(() => casework.stop());

  /** Runs what a list asks, and keeps how the database went about it. */
  const explaining = (plans: PlanNode[]): Store => ({
    keysOf: (subjects) => readingStore(casework.pool, testVault()).keysOf(subjects),
    query: async <Row>(text: string, values: readonly unknown[] = []) => {
      const explained = await casework.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`,
        [...values],
      );
      plans.push(explained.rows[0]!['QUERY PLAN'][0].Plan);
      return { rows: (await casework.pool.query(text, [...values])).rows as Row[] };
    },
  });

  it.each(Object.entries(listRequests(7)))('%s: by an index that leads to the rows of the page', async (name, asked) => {
    const plans: PlanNode[] = [];
    const rows = await ask(explaining(plans), asked);
    if (/not there|nobody|without any|empty|beyond/.test(name)) expect(rows).toEqual([]);
    const nodes = plans.flatMap(allNodes);
    expect(nodes.length).toBeGreaterThan(0);
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan' && isLarge(node))).toEqual([]);
    if (asked.list !== 'queues') expect(nodes.reduce((sum, node) => sum + looksAt(node), 0)).toBeLessThan(ROWS_MAX);
  });

  it('what a batch of findings looks up: by keys alone', async () => {
    const { rows } = await casework.pool.query<{ document: Finding }>('SELECT document FROM casework.finding LIMIT 8');
    const findings = rows.map(({ document }) => document);
    const plans: PlanNode[] = [];
    const db = explaining(plans);
    await lockFindings(
      db,
      findings.map(({ findingId }) => findingId),
    );
    await suppressionsFor(db, findings);
    const held = await lockCasesOfMoney(
      db,
      findings.map(({ findingId }) => findingKey(findingId)),
    );
    const cases = held.map((one) => one.case);
    expect(cases.length).toBeGreaterThan(0);
    await lockCases(
      db,
      cases.map(({ caseId }) => caseId),
    );
    await readStandings(db, cases, findings, noon);
    const nodes = plans.flatMap(allNodes);
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan' && isLarge(node))).toEqual([]);
    expect(nodes.reduce((sum, node) => sum + looksAt(node), 0)).toBeLessThan(ROWS_MAX);
  });

  const standing = async (finding: Finding): Promise<readonly PlanNode[]> => {
    const plans: PlanNode[] = [];
    await readStandings(explaining(plans), [], [finding], noon);
    return plans.flatMap(allNodes);
  };

  it.each([
    ['that everybody knows', {}],
    ['that are not there', { accountId: 'nobody', merchantId: 'no-shop' }],
  ])('the standing of a buyer and a merchant %s: by their indexes', async (_, patch) => {
    const nodes = await standing({ ...seedFinding(3, markerOf(7)), ...patch });
    expect(nodes.filter(isLarge).length).toBeGreaterThan(1);
    expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan' && isLarge(node))).toEqual([]);
    expect(nodes.reduce((sum, node) => sum + looksAt(node), 0)).toBeLessThan(ROWS_MAX);
  });

  it('a standing whose index is gone is noticed', async () => {
    await casework.pool.query('DROP INDEX casework.finding_open_of_merchant');
    const nodes = await standing({ ...seedFinding(3, markerOf(7)), merchantId: 'no-shop' });
    expect(nodes.reduce((sum, node) => sum + looksAt(node), 0)).toBeGreaterThan(ROWS_MAX);
  });

  it('a list whose index is gone is noticed', async () => {
    await casework.pool.query('DROP INDEX casework.finding_newest_of_kind');
    const plans: PlanNode[] = [];
    await ask(explaining(plans), listRequests(7)['findings of a kind that is not there']!);
    expect(plans.flatMap(allNodes).reduce((sum, node) => sum + looksAt(node), 0)).toBeGreaterThan(ROWS_MAX);
  });
});

function ask(db: Store, { list, query }: ListRequest): Promise<readonly unknown[]> {
  const { cursor, minLossMinor, currency, q = '', ...filter } = query;
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const page = { limit: 50, after: after?.ok ? after.value : undefined };
  if (list === 'findings') return listFindings(db, filter, page);
  if (list === 'actions') return listActions(db, filter, page);
  if (list === 'search') return searchCases(db, q, page);
  if (list === 'queues') return readQueues(db, noon);
  const minLoss = minLossMinor === undefined ? undefined : { minor: Number(minLossMinor), currency: currency! };
  return listCases(db, { ...filter, minLoss }, page);
}

const allNodes = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(allNodes)];

const isLarge = (node: PlanNode): boolean => ['cases', 'finding', 'action', 'case_money'].includes(node['Relation Name'] ?? '');

const looksAt = (node: PlanNode): number =>
  isLarge(node) ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'] : 0;

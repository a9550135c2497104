import { appendFileSync, readFileSync } from 'node:fs';

import { audit, invariants } from '#apps/makewhole/verify/audit';
import type { Verdict } from '#apps/makewhole/verify/invariant';
import type { Finding } from '#apps/makewhole/verify/report';
import type { AuditSources } from '#apps/makewhole/verify/sources';
import { openSources } from '#apps/makewhole/verify/verify';
import { openClient } from '#postgres/pool';

import { honestRun, type HonestRun } from './honest-run';
import { regroupCases } from './regroup-cases';
import { type Left, withCopy } from './with-copy';

/** A lie that somebody, or a fault of ours, could leave behind. */
interface Break {
  readonly invariant: number;
  readonly what: string;
  /** Told to the database; may not be enough on its own. */
  readonly sql?: string;
  /** Told to the provider's record: lines to add, made of those that are there. */
  readonly provider?: (lines: readonly string[]) => readonly string[];
  /** What the auditor says, where the same invariant is broken in other ways too. */
  readonly says?: string;
}

const refundOf = (lines: readonly string[]): { key: string; amount: { minor: number } } =>
  JSON.parse(lines.find((line) => line.includes('"kind":"refund"')) as string) as { key: string; amount: { minor: number } };
/** Any row of a table, so that a break needs no names. */
const anyOf = (table: string, condition = 'true'): string => `(SELECT ctid FROM ${table} WHERE ${condition} LIMIT 1)`;

const compensation = `document ->> 'accrual' = 'daily-compensation' AND state = 'confirmed'`;
/** The American's payment. */
const credited = 'late-us-1';

const breaks: readonly Break[] = [
  { invariant: 1, what: 'a key that moved money twice', provider: (lines) => [lines[0] as string] },
  {
    invariant: 1,
    what: 'money moved on a key that nobody ordered',
    provider: (lines) => [JSON.stringify({ ...refundOf(lines), key: 'mwk_nobody', at: '2026-01-01T00:00:00.000Z' })],
  },
  {
    invariant: 2,
    what: 'more went back than was captured',
    provider: (lines) => [
      JSON.stringify({ ...refundOf(lines), key: 'mwk_other', amount: { ...refundOf(lines).amount, minor: 9_000_000 } }),
    ],
  },
  {
    invariant: 2,
    what: 'a delay that was paid for with more than accrued',
    sql: `UPDATE casework.action SET amount_minor = amount_minor + 1 WHERE ctid = ${anyOf('casework.action', compensation)}`,
    says: 'more is paid for a delay than accrued',
  },
  {
    invariant: 2,
    what: 'a delay that was paid for twice',
    sql: `UPDATE casework.action SET kind = 'compensate', document = (SELECT document FROM casework.action WHERE ${compensation} LIMIT 1)
          WHERE ctid = ${anyOf('casework.action', `state = 'confirmed' AND kind = 'refund'`)}`,
    says: 'a delay is paid for twice',
  },
  {
    invariant: 2,
    what: 'a refund beside a provisional credit',
    sql: `UPDATE casework.action SET payment_id = '${credited}' WHERE ctid = ${anyOf('casework.action', `state = 'confirmed' AND kind = 'refund'`)}`,
    says: 'a refund of ours stands beside a provisional credit',
  },
  {
    invariant: 2,
    what: 'a payment that was credited twice',
    sql: `UPDATE casework.action SET kind = 'compensate', payment_id = '${credited}',
            document = (SELECT document FROM casework.action WHERE payment_id = '${credited}' AND kind = 'compensate')
          WHERE ctid = ${anyOf('casework.action', `state = 'confirmed' AND kind = 'refund'`)}`,
    says: 'a payment is credited twice',
  },
  {
    invariant: 2,
    what: 'a credit whose loss healed without a word to people',
    sql: `UPDATE casework.cases SET document = replace(document::text, '"status":"open"', '"status":"cleared"')::json WHERE account_id = 'late-us'`,
    says: 'what was credited has healed, and people were not told',
  },
  { invariant: 3, what: 'a record that nobody counted', sql: 'UPDATE detector.partition_progress SET applied = applied - 1' },
  {
    invariant: 3,
    what: 'a dead letter that disappeared',
    sql: `DELETE FROM detector.dead_letter WHERE ctid = ${anyOf('detector.dead_letter')}`,
  },
  {
    invariant: 4,
    what: 'a finding that disappeared',
    sql: `DELETE FROM detector.finding WHERE ctid = ${anyOf('detector.finding')}`,
  },
  {
    invariant: 4,
    what: 'a finding with another loss',
    sql: `UPDATE detector.finding SET body = regexp_replace(body, '"minor":\\d+', '"minor":1')
          WHERE ctid = ${anyOf('detector.finding', `body LIKE '%"status":"open"%' AND body LIKE '%"loss":{%'`)}`,
  },
  {
    invariant: 4,
    what: 'a case without its findings',
    sql: `UPDATE casework.cases SET document = jsonb_set(document::jsonb, '{findings}', '[]')::json WHERE ctid = ${anyOf('casework.cases')}`,
  },
  {
    invariant: 5,
    what: 'an owner that began before the one it followed',
    sql: `INSERT INTO detector.epoch_taken (topic, partition, epoch, member, next_offset)
          SELECT topic, partition, epoch + 1, 'zombie', 0 FROM detector.partition_progress WHERE next_offset > 0 LIMIT 1`,
  },
  {
    invariant: 5,
    what: 'a commit under an epoch that was over',
    sql: `INSERT INTO audit.commit (service, topic, partition, from_epoch, epoch, from_offset, next_offset)
          SELECT service, topic, partition, epoch - 1, epoch - 1, next_offset, next_offset + 1 FROM audit.commit ORDER BY number DESC LIMIT 1`,
  },
  {
    invariant: 6,
    what: 'a deadline that never fired',
    sql: `DELETE FROM detector.deadline_fired WHERE ctid = ${anyOf('detector.deadline_fired')}`,
  },
  {
    invariant: 6,
    what: 'a deadline that fired early',
    sql: `UPDATE detector.deadline_fired SET watermark = at - 1 WHERE ctid = ${anyOf('detector.deadline_fired')}`,
  },
  {
    invariant: 6,
    what: 'a clock of a case that was missed before its time',
    sql: `ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
          UPDATE casework.case_entry SET data = jsonb_set(data, '{dueAt}', to_jsonb(at_ms + 1))
          WHERE ctid = ${anyOf('casework.case_entry', `what = 'clock missed'`)}`,
  },
  {
    invariant: 6,
    what: 'a clock that stands still though nobody waits for the buyer',
    sql: `UPDATE casework.cases SET document = jsonb_set(document::jsonb, '{clocks,0,state}', '"paused"')::json
          WHERE ctid = ${anyOf('casework.cases', `json_array_length(document -> 'clocks') > 0`)}`,
  },
  {
    invariant: 6,
    what: 'a clock that ends sooner for having stood still',
    sql: `INSERT INTO casework.case_entry (case_id, sequence, at_ms, by, what, data, previous_hash, hash)
          SELECT case_id, entry_count + step, 0, 'ines', 'case ' || stage,
            jsonb_build_object('clocks', jsonb_build_array(jsonb_build_object('name', 'answer', 'state', state, 'dueAt', due))), '', ''
          FROM (SELECT case_id, entry_count FROM casework.cases LIMIT 1) AS held,
            (VALUES (1, 'awaiting_buyer', 'paused', 2000), (2, 'investigating', 'running', 1000)) AS said (step, stage, state, due)`,
    says: 'a clock of a case that stood still ends sooner for it',
  },
  {
    invariant: 6,
    what: 'a clock that was missed while it stood still',
    sql: `INSERT INTO casework.case_entry (case_id, sequence, at_ms, by, what, data, previous_hash, hash)
          SELECT case_id, entry_count + step, 9000, 'makewhole', what, data::jsonb, '', ''
          FROM (SELECT case_id, entry_count FROM casework.cases LIMIT 1) AS held, (VALUES
            (1, 'case awaiting_buyer', '{"clocks": [{"name": "answer", "state": "paused", "dueAt": 2000}]}'),
            (2, 'clock missed', '{"clock": "answer", "dueAt": 2000}')) AS said (step, what, data)`,
    says: 'a clock of a case was missed while it stood still',
  },
  {
    invariant: 6,
    what: 'a case that leapt to the end of the ladder',
    sql: `INSERT INTO casework.case_entry (case_id, sequence, at_ms, by, what, data, previous_hash, hash)
          SELECT case_id, entry_count + 1, 0, 'ines', 'case escalated',
            '{"before": {"step": "platform_complaint"}, "after": {"step": "court"}}', '', '' FROM casework.cases LIMIT 1`,
  },
  {
    invariant: 7,
    what: 'a case with another loss than a replay gives',
    sql: `UPDATE casework.cases SET loss = '{"XXX": 1}' WHERE ctid = ${anyOf('casework.cases', `status = 'open' AND loss <> '{}'`)}`,
  },
  {
    invariant: 4,
    what: 'a case that took in another without a word of evidence',
    sql: `UPDATE casework.cases SET stage = 'closed', status = 'closed', outcome = 'merged', loss = '{}',
            document = jsonb_set(document::jsonb, '{findings}', '[]')::json WHERE ctid = ${anyOf('casework.cases')}`,
  },
  {
    invariant: 8,
    what: 'an action that stands in a case that nobody gave it to',
    sql: `UPDATE casework.action AS held SET case_id = other.case_id FROM casework.cases AS other
          WHERE held.ctid = ${anyOf('casework.action', `state = 'confirmed' AND case_id < (SELECT max(case_id) FROM casework.cases)`)}
            AND other.case_id = (SELECT max(case_id) FROM casework.cases)`,
  },
  {
    invariant: 8,
    what: 'an action under another policy than was ordered',
    sql: `UPDATE casework.action SET policy_version = 'another' WHERE ctid = ${anyOf('casework.action', `state = 'confirmed'`)}`,
  },
  {
    invariant: 8,
    what: 'a large refund that nobody else agreed to',
    sql: `UPDATE casework.action SET amount_minor = 90000000, currency = 'EUR'
          WHERE ctid = ${anyOf('casework.action', `state = 'confirmed' AND kind = 'refund'`)}`,
  },
  {
    invariant: 8,
    what: 'a budget that was overrun within the hour',
    sql: `UPDATE casework.action SET amount_minor = 2000000, approved_at_ms = approved_at_ms - action_number.n
          FROM (SELECT action_id, row_number() OVER (ORDER BY action_id) AS n FROM casework.action
                WHERE state = 'confirmed' AND kind = 'refund' AND currency = 'EUR' LIMIT 2) AS action_number
          WHERE action.action_id = action_number.action_id`,
    says: 'more was approved in an hour than the budget allows',
  },
  {
    invariant: 9,
    what: 'evidence that was changed',
    sql: `ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
          UPDATE casework.case_entry SET data = '{"rewritten": true}' WHERE ctid = ${anyOf('casework.case_entry')}`,
  },
  {
    invariant: 9,
    what: 'evidence that was cut off',
    sql: `ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
          DELETE FROM casework.case_entry e WHERE sequence = (SELECT max(sequence) FROM casework.case_entry)`,
  },
  {
    invariant: 9,
    what: 'evidence that was cut off together with its head',
    sql: `ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
          WITH victim AS (
            SELECT case_id, entry_count FROM casework.cases WHERE status = 'closed' AND entry_count > 1 LIMIT 1
          ), cut AS (
            DELETE FROM casework.case_entry e USING victim v WHERE e.case_id = v.case_id AND e.sequence = v.entry_count
            RETURNING e.case_id, e.sequence, e.previous_hash
          )
          UPDATE casework.cases c SET entry_count = cut.sequence - 1, chain_head = cut.previous_hash FROM cut WHERE c.case_id = cut.case_id`,
  },
];

describe('the auditor', () => {
  let run: HonestRun;
  beforeAll(async () => {
    run = await honestRun();
  }, 300_000);
  afterAll(() => run.drop());

  it('finds nothing wrong with what the services really did, and looked at something for each promise', async () => {
    const findings = await auditOf(run, run);
    expect(findings.flatMap(({ verdict }) => verdict.violations)).toEqual([]);
    expect(findings.filter(({ verdict }) => verdict.examined === 0).map(({ invariant }) => invariant.number)).toEqual([]);
  }, 180_000);

  it('had a delay that was paid for and a loss that was credited to look at', async () => {
    const client = await openClient(run.databaseUrl, 'looking');
    const { rows } = await client.query(
      `SELECT DISTINCT document ->> 'accrual' AS accrual FROM casework.action WHERE kind = 'compensate' AND state = 'confirmed' ORDER BY 1`,
    );
    await client.end();
    expect(rows).toEqual([{ accrual: 'daily-compensation' }, { accrual: 'provisional-credit' }]);
  });

  it('has a planted break for each of the nine', () => {
    expect([...new Set(breaks.map(({ invariant }) => invariant))]).toEqual(invariants.map(({ number }) => number));
  });

  it(
    'does not hold against casework what it has not read yet',
    () =>
      withCopy(run, async (copy) => {
        await copy.execute(
          `UPDATE casework.partition_progress SET next_offset = 0 WHERE topic = 'findings'; TRUNCATE casework.cases CASCADE`,
        );
        const findings = await auditOf(run, copy);
        expect(findings.find(({ invariant }) => invariant.number === 7)?.verdict.violations).toEqual([]);
      }),
    180_000,
  );

  it(
    'takes cases that people merged, split and opened again for what they are, as long as their evidence says so',
    () =>
      withCopy(run, async (copy) => {
        const violated = async (): Promise<readonly number[]> =>
          (await auditOf(run, copy))
            .filter(({ verdict }) => verdict.violations.length > 0)
            .map(({ invariant }) => invariant.number);
        const done = await regroupCases(copy.databaseUrl);
        for (const [how, times] of Object.entries(done)) expect([how, times > 0]).toEqual([how, true]);
        expect(await violated()).toEqual([]);
        await copy.execute(`ALTER TABLE casework.case_entry DISABLE TRIGGER ALL;
        UPDATE casework.case_entry SET what = 'note' WHERE what IN ('case absorbed', 'case merged')`);
        expect(await violated()).toEqual(expect.arrayContaining([4, 8, 9]));
      }),
    300_000,
  );

  it.each(breaks)(
    '$invariant is broken by $what',
    ({ invariant, sql, provider, says }) =>
      withCopy(run, async (copy) => {
        if (sql !== undefined) await copy.execute(sql);
        const lines = readFileSync(run.providerRecord, 'utf8').trim().split('\n');
        for (const line of provider?.(lines) ?? []) appendFileSync(copy.providerRecord, `${line}\n`);
        const { violations } = await verdictOn(invariant, run, copy);
        expect(violations).not.toEqual([]);
        if (says !== undefined) expect(violations.map((violation) => violation.what)).toContain(says);
      }),
    180_000,
  );
});

const auditOf = (run: HonestRun, left: Left): Promise<readonly Finding[]> => withSources(run, left, audit);

const verdictOn = (number: number, run: HonestRun, left: Left): Promise<Verdict> =>
  withSources(run, left, (sources) => invariants.find((invariant) => invariant.number === number)!.check(sources));

async function withSources<Said>(
  { config }: HonestRun,
  { databaseUrl, providerRecord }: Left,
  look: (sources: AuditSources) => Promise<Said>,
): Promise<Said> {
  const { sources, close } = await openSources(config, databaseUrl, providerRecord);
  try {
    return await look(sources);
  } finally {
    await close();
  }
}

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepRetention } from '#apps/casework/privacy/keep-retention';
import { evidenceChain } from '#apps/makewhole/verify/09-evidence-chain';
import { readAnchors } from '#apps/makewhole/verify/anchors';
import { openPostgresAuditLog } from '#apps/makewhole/verify/postgres-log';
import { openSnapshot } from '#apps/makewhole/verify/snapshot';
import type { AuditSources } from '#apps/makewhole/verify/sources';
import { defaultPolicy } from '#action/default-policy';
import { clockSettings } from '#case/clocks';
import { loadConfig } from '#config/config';
import { defaultsOf } from '#kernel/setting';
import { days } from '#kernel/time';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { masterKey, testVault } from '#test/casework/test-vault';

const anchorsFile = join(mkdtempSync(join(tmpdir(), 'makewhole-anchors-')), 'anchors.ndjson');
const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };

describe('the auditor of evidence', () => {
  let casework: RunningCasework;
  const now = noon + 60_000;
  const caseIds: string[] = [];
  beforeAll(async () => {
    casework = await startCasework({
      clock: () => now,
      env: { MAKEWHOLE_EVIDENCE_ANCHORS_FILE: anchorsFile, MAKEWHOLE_RETENTION_ERASURE_WAIT_MS: '0' },
    });
    for (const at of [1, 2, 3]) {
      const about = { findingId: `f-${at}`, accountId: `a-${at}`, orderId: `o-${at}`, paymentIds: [`p-${at}`] };
      await casework.tell(told(duplicate({ ...about, confidence: 'likely' })));
      const { body } = await casework.get('vera', `/v1/cases?accountId=a-${at}`).expect(200);
      const { caseId } = body.cases[0];
      caseIds.push(caseId);
      await casework
        .post('ines', `/v1/cases/${caseId}/note`)
        .send({ text: `about buyer ${at}` })
        .expect(200);
      await casework.post('ines', `/v1/cases/${caseId}/decision`).send({ outcome: 'rejected', reason: 'no loss' }).expect(200);
    }
  });
  afterAll(() => casework.stop());

  const audit = async (path = anchorsFile): Promise<readonly string[]> => {
    const database = await openSnapshot(casework.databaseUrl);
    try {
      const sources = { database, log: openPostgresAuditLog(database), anchors: readAnchors(path), masterKeys: [masterKey()] };
      const { violations } = await evidenceChain.check(sources as unknown as AuditSources);
      return violations.map(({ what }) => what);
    } finally {
      await database.close();
    }
  };
  const settled = () => casework.sent('cases');
  /** What somebody with every right on the database might do; undone afterwards. */
  const afterLie = async (sql: string): Promise<readonly string[]> => {
    const copy = ['case_entry', 'cases'];
    for (const table of copy) await casework.pool.query(`CREATE TABLE kept_${table} AS SELECT * FROM casework.${table}`);
    await casework.pool.query(`ALTER TABLE casework.case_entry DISABLE TRIGGER USER; ${sql}`);
    const found = await audit();
    await casework.pool.query(`DELETE FROM casework.case_entry; INSERT INTO casework.case_entry SELECT * FROM kept_case_entry;
      UPDATE casework.cases AS held SET entry_count = kept.entry_count, chain_head = kept.chain_head FROM kept_cases AS kept
        WHERE held.case_id = kept.case_id;
      DROP TABLE kept_case_entry, kept_cases; ALTER TABLE casework.case_entry ENABLE TRIGGER USER`);
    expect(await audit()).toEqual([]);
    return found;
  };

  it('finds whole chains, told and anchored at each change', async () => {
    await settled();
    expect(await audit()).toEqual([]);
    expect(readAnchors(anchorsFile).length).toBeGreaterThanOrEqual(9);
  });

  const first = `(SELECT case_id FROM casework.case_entry ORDER BY case_id LIMIT 1)`;
  it.each([
    [
      'another commitment',
      `UPDATE casework.case_entry SET data = '{"text": {"committed": "00"}}' WHERE what = 'note'`,
      'was changed',
    ],
    ['a note in the clear', `UPDATE casework.case_entry SET data = '{"text": "another"}' WHERE what = 'note'`, 'was changed'],
    ['a sealed text that is gone', `UPDATE casework.case_entry SET sealed = NULL WHERE what = 'note'`, 'nobody had it erased'],
    [
      'a sealed text in the place of another',
      `UPDATE casework.case_entry AS line SET sealed = (SELECT sealed FROM casework.case_entry WHERE case_id = line.case_id AND what = 'decision')
       WHERE what = 'note'`,
      'was changed, or is of another buyer',
    ],
    ['a beginning that is gone', `DELETE FROM casework.case_entry WHERE sequence = 1 AND case_id = ${first}`, 'are missing'],
    [
      'an end that is gone, with its head',
      `DELETE FROM casework.case_entry WHERE case_id = ${first} AND sequence = (SELECT max(sequence) FROM casework.case_entry WHERE case_id = ${first});
       UPDATE casework.cases AS held SET entry_count = line.sequence, chain_head = line.hash FROM (
         SELECT DISTINCT ON (case_id) * FROM casework.case_entry ORDER BY case_id, sequence DESC) AS line WHERE line.case_id = held.case_id`,
      'was anchored',
    ],
    [
      'a beginning that is gone, with a forged word of retention',
      `DELETE FROM casework.case_entry WHERE sequence = 1 AND case_id = ${first};
       UPDATE casework.case_entry SET what = 'history cut', data = jsonb_build_object('through', 1, 'hash', previous_hash)
         WHERE sequence = 2 AND case_id = ${first}`,
      'was changed',
    ],
  ])('finds %s', async (_what, sql, said) => {
    expect((await afterLie(sql)).join('; ')).toContain(said);
  });

  it('finds a file of anchors that was changed, and passes over a line that a crash cut off', async () => {
    const path = `${anchorsFile}.copy`;
    const lines = readFileSync(anchorsFile, 'utf8');
    writeFileSync(path, `${lines}{"at":"2026-03-02T12`);
    expect(await audit(path)).toEqual([]);
    writeFileSync(path, lines.split('\n').toSpliced(1, 1).join('\n'));
    expect(await audit(path)).toContain('the file of anchors was changed');
  });

  it('takes an erasure for what it is', async () => {
    for (const [who, what] of [['ines', 'erasure'] as const, ['anna', 'erasure/approve'] as const])
      await casework.post(who, `/v1/accounts/a-1/${what}`).send({ reason: 'the buyer asked for it' }).expect(200);
    await settled();
    expect(await audit()).toEqual([]);
    const { rows } = await casework.pool.query(`SELECT 1 FROM casework.case_entry WHERE case_id = $1 AND sealed IS NOT NULL`, [
      caseIds[0],
    ]);
    expect(rows).toEqual([]);
  });

  it('a line in the clear from before anything was sealed is erased too, and the chain says what is left of it', async () => {
    const { rows } = await casework.pool.query<{ sequence: number }>(
      `SELECT sequence FROM casework.case_entry WHERE case_id = $1 AND what = 'note'`,
      [caseIds[1]],
    );
    expect(rows).toHaveLength(1);
    await rewriteInTheClear(casework, caseIds[1]!, 'about buyer 2');
    const before = (await casework.get('ines', `/v1/cases/${caseIds[1]}/evidence`).expect(200)).body;
    expect(before.chain.verifies).toBe(true);
    expect(JSON.stringify(before.entries)).toContain('about buyer 2');
    for (const [who, what] of [['ines', 'erasure'] as const, ['anna', 'erasure/approve'] as const])
      await casework.post(who, `/v1/accounts/a-2/${what}`).send({ reason: 'the buyer asked for it' }).expect(200);
    const after = (await casework.get('ines', `/v1/cases/${caseIds[1]}/evidence`).expect(200)).body;
    expect(after.chain).toMatchObject({ verifies: true });
    expect(JSON.stringify(after)).not.toContain('about buyer 2');
    const chainFaults = (await audit()).filter((what) => !what.includes('told') && !what.includes('anchored'));
    expect(chainFaults).toEqual([]);
  });

  it('takes a history that retention has cut for what it is, and none of an open case or on legal hold is cut', async () => {
    await casework.post('ines', '/v1/accounts/a-3/legal-hold').send({ reason: 'a court asks' }).expect(200);
    const loaded = loadConfig({ env: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const later = now + loaded.value.retention.casesMs + days(1);
    const database = { pool: casework.pool, vault: testVault() };
    const done = await keepRetention(database, rules, loaded.value.retention, later);
    expect(done.effects.cases.map(({ case: { caseId } }) => caseId).sort()).toEqual(caseIds.slice(0, 2).sort());
    const { rows } = await casework.pool.query<{ case_id: string; what: string }>(
      'SELECT case_id, what FROM casework.case_entry ORDER BY case_id, sequence',
    );
    for (const caseId of caseIds.slice(0, 2))
      expect(rows.filter((row) => row.case_id === caseId).map(({ what }) => what)).toEqual(['history cut']);
    expect(rows.filter((row) => row.case_id === caseIds[2])).toHaveLength(6);
    const decided = await casework.pool.query<{ case_id: string }>('SELECT DISTINCT case_id FROM casework.decision');
    expect(decided.rows).toEqual([{ case_id: caseIds[2] }]);
    expect((await audit()).filter((what) => !what.includes('anchored'))).toEqual([]);
    const { body } = await casework.get('ines', `/v1/cases/${caseIds[0]}/evidence`).expect(200);
    expect(body.chain.verifies).toBe(true);
    expect((await keepRetention(database, rules, loaded.value.retention, later)).effects.cases).toEqual([]);
    await casework.post('anna', '/v1/accounts/a-3/legal-hold/end').send({ reason: 'settled' }).expect(200);
    expect((await keepRetention(database, rules, loaded.value.retention, later)).effects.cases).toHaveLength(1);
  });
});

/** As a version before wrote it: the note in the clear, and every hash from there on over that. */
async function rewriteInTheClear(casework: RunningCasework, caseId: string, text: string): Promise<void> {
  const { sealEntries, emptyChain } = await import('#case/evidence');
  const { rows } = await casework.pool.query(
    'SELECT at_ms AS at, by, what, data FROM casework.case_entry WHERE case_id = $1 ORDER BY sequence',
    [caseId],
  );
  const plain = rows.map((line) => (line.what === 'note' ? { ...line, data: { text } } : line));
  const { sealed, head } = sealEntries(emptyChain(caseId), plain);
  await casework.pool.query('ALTER TABLE casework.case_entry DISABLE TRIGGER USER');
  for (const { sequence, data, previousHash, hash } of sealed)
    await casework.pool.query(
      `UPDATE casework.case_entry SET data = $3, previous_hash = $4, hash = $5,
         sealed = CASE WHEN what = 'note' THEN NULL ELSE sealed END WHERE case_id = $1 AND sequence = $2`,
      [caseId, sequence, JSON.stringify(data), previousHash, hash],
    );
  await casework.pool.query('ALTER TABLE casework.case_entry ENABLE TRIGGER USER');
  await casework.pool.query('UPDATE casework.cases SET chain_head = $2 WHERE case_id = $1', [caseId, head.hash]);
}

import { defaultPolicy } from '#action/default-policy';
import { clockSettings } from '#case/clocks';
import { loadConfig } from '#config/config';
import { defaultsOf } from '#kernel/setting';
import { days, formatInstant, type InstantMs } from '#kernel/time';
import { keepRetention, type Retention } from '#apps/casework/privacy/keep-retention';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { testVault } from '#test/casework/test-vault';

const rules = { policy: defaultPolicy, clocks: defaultsOf(clockSettings) };
const now = noon + 60_000;
const content = 'a receipt of Jane';

function retentionOf(): Retention {
  const loaded = loadConfig({ env: {} });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value.retention;
}

/** a-1's case is closed; so is a-2's, on legal hold; a-3's is open. */
describe('what is kept for its time', () => {
  const keep = retentionOf();
  let casework: RunningCasework;
  const files = new Map<string, string>();
  beforeAll(async () => {
    casework = await startCasework({ clock: () => now, env: { MAKEWHOLE_RETENTION_ERASURE_WAIT_MS: '0' } });
    for (const at of [1, 2, 3]) {
      const about = { findingId: `f-${at}`, accountId: `a-${at}`, orderId: `o-${at}`, paymentIds: [`p-${at}`] };
      await casework.tell(told(duplicate({ ...about, confidence: 'likely' })));
      const { body } = await casework.get('vera', `/v1/cases?accountId=a-${at}`).expect(200);
      const path = `/v1/cases/${body.cases[0].caseId}`;
      const file = await casework
        .post('ines', `${path}/files?name=jane-receipt.txt`)
        .set('content-type', 'text/plain')
        .send(content)
        .expect(200);
      files.set(`a-${at}`, `${path}/files/${file.body.fileId}`);
      if (at !== 3) await casework.post('ines', `${path}/decision`).send({ outcome: 'rejected', reason: 'no loss' }).expect(200);
    }
    await casework.post('ines', '/v1/accounts/a-2/legal-hold').send({ reason: 'a court asks' }).expect(200);
  });
  afterAll(() => casework.stop());

  const forgetAt = async (at: InstantMs) =>
    (await keepRetention({ pool: casework.pool, vault: testVault() }, rules, keep, at)).isDone;
  const fetched = async (accountId: string) => {
    const { status, text } = await casework.get('vera', files.get(accountId)!);
    return [status, status === 200 ? text : ''];
  };

  it('a file goes once its closed case is old enough, and only its hash and size stay; none of an open case or on legal hold', async () => {
    await forgetAt(now + keep.filesMs);
    expect(await fetched('a-1')).toEqual([200, content]);
    await forgetAt(now + keep.filesMs + 1);
    expect(await Promise.all(['a-1', 'a-2', 'a-3'].map(fetched))).toEqual([
      [410, ''],
      [200, content],
      [200, content],
    ]);
    const { rows } = await casework.pool.query<{ account_id: string; sha256: string; left: number; name: string; bytes: number }>(
      `SELECT held.account_id, sha256, length(content) + coalesce(length(file.sealed), 0) AS left, name, bytes
       FROM casework.case_file AS file JOIN casework.cases AS held USING (case_id) ORDER BY account_id`,
    );
    expect(rows[0]).toEqual({ account_id: 'a-1', sha256: rows[1]!.sha256, left: 0, name: '', bytes: content.length });
    expect(rows[1]!.left).toBeGreaterThan(content.length);
  });

  it('more files than one step takes are told to be left, and the next steps take them', async () => {
    await casework.pool.query(
      `INSERT INTO casework.case_file (file_id, case_id, name, media_type, bytes, sha256, by, at_ms, content)
       SELECT 'many-' || n, case_id, '', 'text/plain', 1, 'sha-' || n, 'ines', 0, 'x'
       FROM casework.cases, generate_series(1, 150) AS n WHERE account_id = 'a-1'`,
    );
    const left = async () => {
      const { rows } = await casework.pool.query<{ left: number }>(
        `SELECT count(*)::int AS left FROM casework.case_file WHERE file_id LIKE 'many-%' AND erased_at_ms IS NULL`,
      );
      return rows[0]!.left;
    };
    expect([await forgetAt(now + keep.filesMs + 1), await left()]).toEqual([false, 50]);
    expect([await forgetAt(now + keep.filesMs + 1), await left()]).toEqual([true, 0]);
  });

  it('a finding without a case goes with its time; not what is in a case, on hold, suppressed by a person, or younger', async () => {
    const possible = (findingId: string, patch: object = {}) =>
      told(duplicate({ findingId, accountId: 'a-9', orderId: findingId, paymentIds: [], confidence: 'possible', ...patch }));
    await casework.tell(
      possible('old'),
      possible('young', { at: formatInstant(noon + 1) }),
      possible('held', { accountId: 'a-2' }),
      possible('suppressed'),
    );
    await casework.pool.query(`UPDATE casework.finding SET suppressed_by = 'snooze-1' WHERE finding_id = 'suppressed'`);
    const left = async () => {
      const { rows } = await casework.pool.query<{ finding_id: string }>('SELECT finding_id FROM casework.finding ORDER BY 1');
      return rows.map((row) => row.finding_id);
    };
    const all = ['f-1', 'f-2', 'f-3', 'held', 'old', 'suppressed', 'young'];
    await forgetAt(noon + keep.findingsMs);
    expect(await left()).toEqual(all);
    await forgetAt(noon + keep.findingsMs + 1);
    expect(await left()).toEqual(all.filter((id) => id !== 'old'));
  });

  it('who asked for an erasure or a hold is forgotten long after it was over; what waits or runs is not', async () => {
    const ask = (path: string, who: 'ines' | 'anna' | 'root') =>
      casework.post(who, `/v1/accounts/${path}`).send({ reason: 'asked' }).expect(200);
    await ask('a-1/erasure', 'root');
    await ask('a-1/erasure/reject', 'ines');
    await ask('a-1/erasure', 'ines');
    await ask('a-1/legal-hold', 'ines');
    await ask('a-1/legal-hold/end', 'anna');
    const kept = async () => {
      const { rows } = await casework.pool.query<{ what: string }>(
        `SELECT state AS what FROM casework.erasure
         UNION ALL SELECT account_id || CASE WHEN ended_at_ms IS NULL THEN ' runs' ELSE ' ended' END FROM casework.legal_hold ORDER BY 1`,
      );
      return rows.map(({ what }) => what);
    };
    await forgetAt(now + keep.auditMs);
    expect(await kept()).toEqual(['a-1 ended', 'a-2 runs', 'awaiting_approval', 'rejected']);
    await forgetAt(now + keep.auditMs + days(1));
    expect(await kept()).toEqual(['a-2 runs', 'awaiting_approval']);
    expect(await fetched('a-2')).toEqual([200, content]);
  });
});

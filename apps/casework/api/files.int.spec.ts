import { createHash } from 'node:crypto';
import { FILE_BYTES_MAX } from '#apps/casework/api/read-file';
import { searchStatement } from '#apps/casework/store/search-cases';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('a picture')]);

describe('what a case holds and how it is found', () => {
  let casework: RunningCasework;
  let caseId: string;
  let number: string;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    const instrument = { kind: 'card' as const, fingerprint: 'tok', last4: '4242' };
    const figures = { refundId: 'refund-77', reference: 'ARN-1234567', lineId: 'line-9' };
    await casework.tell(
      told(duplicate({ confidence: 'likely', because: { rule: 'r', fields: [], figures } }), [
        paymentFacts('p-1', { instrument }),
        paymentFacts('p-2', { instrument }),
      ]),
      told(duplicate({ findingId: 'f-2', accountId: 'a-2', orderId: 'o-2', paymentIds: ['p-8'], confidence: 'likely' })),
    );
    const { body } = await casework.get('vera', '/v1/cases?accountId=a-1').expect(200);
    [{ caseId, number }] = body.cases;
  });
  afterAll(() => casework.stop());

  const add = (content: Buffer, type: string, name = 'receipt.png', key?: string) =>
    casework.post('ines', `/v1/cases/${caseId}/files?name=${name}`, key).set('content-type', type).send(content);

  it('a file is kept whole with its hash, named by the chain, and given back to be saved', async () => {
    const sha256 = createHash('sha256').update(png).digest('hex');
    const added = await add(png, 'image/png', 'receipt.png', 'file-1').expect(200);
    expect(added.body).toMatchObject({ name: 'receipt.png', mediaType: 'image/png', bytes: png.length, sha256, by: 'ines' });
    expect((await add(png, 'image/png', 'receipt.png', 'file-1').expect(200)).body).toEqual(added.body);
    expect((await add(png, 'image/png').expect(409)).body.type).toContain('file-there-already');
    const { fileId } = added.body;
    const got = await casework.get('vera', `/v1/cases/${caseId}/files/${fileId}`).expect(200);
    expect(got.body).toEqual(png);
    expect(got.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'content-type': 'image/png' });
    expect(got.headers['content-disposition']).toContain('attachment');
    const { body } = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        what: 'file added',
        data: { fileId, name: 'receipt.png', mediaType: 'image/png', bytes: png.length, sha256 },
      }),
    );
    expect((await casework.get('vera', `/v1/cases/${caseId}/files`).expect(200)).body.files).toMatchObject([{ fileId, sha256 }]);
    await casework.get('vera', '/v1/cases/case-of-nobody/files').expect(404);
  });

  it.each([
    ['that is called what it is not', png, 'application/pdf', 415],
    ['of a type that is not taken', Buffer.from('MZ'), 'application/x-msdownload', 415],
    ['that is a page called text', Buffer.from(' <html><script>'), 'text/plain', 415],
    ['that is a program called text', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), 'text/plain', 415],
    ['that is too large', Buffer.alloc(FILE_BYTES_MAX + 1, 0x61), 'text/plain', 413],
  ])('a file %s is refused', async (_what, content, type, status) => {
    await add(content, type).expect(status);
    expect((await casework.get('vera', `/v1/cases/${caseId}/files`)).body.files).toHaveLength(1);
  });

  it.each(['NUMBER', 'number', 'a-1', 'o-1', 'p-2', 'refund-77', 'ARN-1234567', 'line-9', '4242', '**4242', ' p-1 '])(
    'a case is found by %s',
    async (quoted) => {
      const q = quoted === 'NUMBER' ? number : quoted === 'number' ? number.toLowerCase().replaceAll('-', ' ') : quoted;
      const { body } = await casework.get('vera', `/v1/search?q=${encodeURIComponent(q)}`).expect(200);
      expect(body.cases.map((held: { caseId: string }) => held.caseId)).toEqual([caseId]);
    },
  );

  it('nothing is found by what nobody said, nor by what is too short to mean anything', async () => {
    expect((await casework.get('vera', '/v1/search?q=nobody').expect(200)).body).toEqual({ cases: [], nextCursor: null });
    await casework.get('vera', '/v1/search?q=ab').expect(400);
    await casework.get('vera', '/v1/search').expect(400);
  });

  it('a search among many reads indexes alone', async () => {
    await casework.pool.query(
      `INSERT INTO casework.cases (case_id, number, account_id, kinds, stage, status, loss, opened_at_ms, revision, entry_count, chain_head, document)
       SELECT 'many-' || n, 'MW-' || n, 'many-' || n, '{duplicate-charge}', 'open', 'open', '{}', n, 1, 1, '', '{}' FROM generate_series(1, 60000) AS n;
       INSERT INTO casework.case_money (case_id, key) SELECT 'many-' || n, 'payment many-' || n FROM generate_series(1, 20000) AS n;
       INSERT INTO casework.action (action_id, key, case_id, kind, state, policy_version, proposed_by, proposed_at_ms, changed_at_ms, document)
       SELECT 'many-' || n, 'many-' || n, 'many-' || n, 'refund', 'refused', 'p', 'policy', n, n, '{}' FROM generate_series(1, 20000) AS n;
       ANALYZE casework.cases, casework.case_money, casework.action`,
    );
    const { text, values } = searchStatement(number, { limit: 50 });
    const { rows } = await casework.pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).not.toContain('Seq Scan');
    for (const index of ['case_money_pkey', 'action_reference', 'cases_newest_of_account', 'cases_number_key'])
      expect(plan).toContain(index);
    const next = await casework.pool.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT case_id FROM casework.cases WHERE queue = 'charges' AND assignee IS NULL
       ORDER BY priority DESC, due_at_ms, case_id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    );
    expect(next.rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('cases_waiting');
  });
});

import { findChainFault, type SealedEntry } from '#case/evidence';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

const said = 'please write to jane@example.com';
const secrets = [
  said,
  'a note about Jane',
  'a receipt of Jane',
  'jane-receipt.txt',
  'ARN-7654321',
  'tok_of_jane',
  'told by Jane',
];

/** The first lines of an evidence answer, as the pure chain reads them. */
const linesOf = (caseId: string, body: { entries: { at: string; sequence: number }[]; openings: { sequence: number }[] }) =>
  body.entries.map((entry) => {
    const openings = body.openings.filter(({ sequence }) => sequence === entry.sequence);
    return {
      ...entry,
      caseId,
      at: Date.parse(entry.at),
      ...(openings.length === 0 ? {} : { openings }),
    } as unknown as SealedEntry;
  });

describe('the erasure of a buyer', () => {
  let casework: RunningCasework;
  let now = noon + 60_000;
  let caseId: string;
  let fileId: string;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => now, env: { MAKEWHOLE_RETENTION_ERASURE_WAIT_MS: '60d' } });
    const instrument = { kind: 'card' as const, fingerprint: 'tok_of_jane', last4: '4242' };
    const figures = { refundId: 'refund-77', reference: 'ARN-7654321' };
    const because = { rule: 'r', fields: [], figures };
    await casework.tell(
      told(duplicate({ confidence: 'likely', because }), [
        paymentFacts('p-1', { instrument }),
        paymentFacts('p-2', { instrument }),
      ]),
      told(duplicate({ findingId: 'f-2', accountId: 'a-2', orderId: 'o-2', paymentIds: ['p-8'], confidence: 'likely' })),
    );
    caseId = (await casework.get('vera', '/v1/cases?accountId=a-1').expect(200)).body.cases[0].caseId;
    await casework.post('ines', `/v1/cases/${caseId}/note`).send({ text: 'a note about Jane' }).expect(200);
    const file = await casework
      .post('ines', `/v1/cases/${caseId}/files?name=jane-receipt.txt`)
      .set('content-type', 'text/plain')
      .send('a receipt of Jane')
      .expect(200);
    ({ fileId } = file.body);
    const decision = { stage: 'awaiting_buyer', reason: 'told by Jane', needed: said };
    await casework.post('ines', `/v1/cases/${caseId}/decision`).send(decision).expect(200);
  });
  afterAll(() => casework.stop());

  const everything = async (): Promise<string> => {
    const tables = ['cases', 'case_entry', 'case_money', 'finding', 'action', 'mark', 'snooze', 'api_request', 'decision'];
    const texts = await Promise.all(
      tables.map((table) =>
        casework.pool.query<{ text: string }>(`SELECT row_to_json(t)::text AS text FROM casework.${table} AS t`),
      ),
    );
    const files = await casework.pool.query<{ text: string }>(
      `SELECT name || encode(content, 'escape') AS text FROM casework.case_file`,
    );
    return [...texts, files].flatMap(({ rows }) => rows.map(({ text }) => text)).join('\n');
  };
  const evidence = async () => (await casework.get('ines', `/v1/cases/${caseId}/evidence`).expect(200)).body;
  const ask = (what: string, who: 'ines' | 'anna' | 'bert' | 'root' | 'vera', reason = 'the buyer asked for it') =>
    casework.post(who, `/v1/accounts/a-1/${what}`).send({ reason });

  it('what is personal is shown as it was written, and lies sealed, but for answers that are soon forgotten', async () => {
    const shown = JSON.stringify([
      (await casework.get('vera', `/v1/cases/${caseId}`)).body,
      (await casework.get('vera', `/v1/cases/${caseId}/timeline`)).body,
      (await casework.get('vera', '/v1/findings')).body,
      (await casework.get('vera', `/v1/cases/${caseId}/files`)).body,
    ]);
    for (const secret of secrets.filter((text) => text !== 'a receipt of Jane' && text !== said)) expect(shown).toContain(secret);
    const got = await casework.get('vera', `/v1/cases/${caseId}/files/${fileId}`).expect(200);
    expect(got.text).toBe('a receipt of Jane');
    await casework.pool.query(`DELETE FROM casework.api_request`);
    const stored = await everything();
    for (const secret of secrets.filter((text) => text !== 'ARN-7654321')) expect(stored).not.toContain(secret);
    const { entries, openings, chain } = await evidence();
    expect(findChainFault(linesOf(caseId, { entries, openings }), { caseId, ...chain.head })).toBeUndefined();
    const forged = entries.map((line: { what: string }) =>
      line.what === 'note' ? { ...line, data: { text: 'another' } } : line,
    );
    expect(findChainFault(linesOf(caseId, { entries: forged, openings }), { caseId, ...chain.head })).toMatchObject({
      kind: 'content-changed',
    });
  });

  it('is refused while a case is open, on legal hold, and until the buyer can no longer appeal', async () => {
    expect((await ask('erasure', 'ines').expect(409)).body.type).toContain('case-open');
    await casework.post('ines', `/v1/cases/${caseId}/decision`).send({ outcome: 'rejected', reason: 'told by Jane' }).expect(200);
    await ask('legal-hold', 'ines', 'a court may ask').expect(200);
    expect((await ask('erasure', 'ines').expect(409)).body.detail).toContain('a court may ask');
    await ask('legal-hold/end', 'ines').expect(403);
    await ask('legal-hold/end', 'anna').expect(200);
    const early = await ask('erasure', 'ines').expect(409);
    expect(early.body).toMatchObject({ type: expect.stringContaining('retention-runs'), until: expect.any(String) });
    now += 61 * 86_400_000;
  });

  it('needs two people: one who asks, and an approver who is another', async () => {
    await ask('erasure', 'vera').expect(403);
    await ask('erasure/approve', 'anna').expect(404);
    const first = await ask('erasure', 'root').expect(200);
    expect((await ask('erasure', 'ines', 'again').expect(200)).body).toEqual(first.body);
    expect((await ask('erasure/approve', 'root').expect(403)).body.type).toContain('four-eyes');
    await ask('erasure/reject', 'ines').expect(200);
    await ask('erasure/approve', 'anna').expect(409);
    await ask('erasure', 'ines', 'the buyer asked for it').expect(200);
    expect(await everything()).toContain('ARN-7654321');
  });

  it('leaves nothing of it, says when and why, and the chain verifies', async () => {
    const before = await evidence();
    const done = await ask('erasure/approve', 'anna', 'checked').expect(200);
    expect(done.body.erasures[0]).toMatchObject({
      state: 'done',
      reason: 'the buyer asked for it',
      requestedBy: 'ines',
      decidedBy: 'anna',
    });
    const stored = await everything();
    for (const secret of secrets) expect(stored).not.toContain(secret);
    const { body: held } = await casework.get('vera', `/v1/cases/${caseId}`).expect(200);
    expect(held).toMatchObject({ accountId: 'a-1', erased: { reason: 'the buyer asked for it' }, loss: [{ minor: 5_000 }] });
    expect(held.findings[0].because.figures).toEqual({ refundId: 'refund-77', reference: null });
    expect(held.payments[0]).not.toHaveProperty('instrument');
    const after = await evidence();
    expect(after.chain).toMatchObject({ verifies: true });
    expect(after.entries.slice(0, before.entries.length).map(({ hash }: { hash: string }) => hash)).toEqual(
      before.entries.map(({ hash }: { hash: string }) => hash),
    );
    expect(after.entries.find(({ what }: { what: string }) => what === 'note').data).toEqual({ text: null });
    expect(after.entries.at(-1)).toMatchObject({ what: 'personal data erased', by: 'anna', data: { requestedBy: 'ines' } });
    const { entries, openings, chain } = after;
    expect(findChainFault(linesOf(caseId, { entries, openings }), { caseId, ...chain.head })).toBeUndefined();
    await casework.get('vera', `/v1/cases/${caseId}/files/${fileId}`).expect(410);
    expect((await casework.get('vera', `/v1/cases/${caseId}/files`)).body.files[0]).toMatchObject({ name: 'erased', bytes: 17 });
  });

  it.each(['4242', 'ARN-7654321'])('nothing is found by %s any more', async (quoted) => {
    expect((await casework.get('vera', `/v1/search?q=${quoted}`).expect(200)).body.cases).toEqual([]);
  });

  it('done again it changes nothing; another buyer keeps everything', async () => {
    const { body } = await ask('erasure', 'ines', 'once more').expect(200);
    expect(body.erasures[0]).toMatchObject({ state: 'done', reason: 'the buyer asked for it' });
    await ask('erasure/approve', 'anna').expect(409);
    const other = (await casework.get('vera', '/v1/cases?accountId=a-2').expect(200)).body.cases[0];
    expect((await casework.get('vera', `/v1/cases/${other.caseId}`)).body).not.toHaveProperty('erased');
  });

  it('what comes in afterwards is kept again, under a key of its own', async () => {
    const instrument = { kind: 'card' as const, fingerprint: 'tok_again', last4: '1111' };
    const later = duplicate({ findingId: 'f-3', orderId: 'o-9', paymentIds: ['p-9'], confidence: 'likely' });
    await casework.tell(told(later, [paymentFacts('p-9', { instrument })]));
    const { body } = await casework.get('vera', '/v1/cases?paymentId=p-9').expect(200);
    const held = (await casework.get('vera', `/v1/cases/${body.cases[0].caseId}`)).body;
    expect(held.payments[0].instrument).toEqual(instrument);
    expect((await ask('erasure', 'ines').expect(409)).body.type).toContain('case-open');
  });
});

import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

describe('requests that change cases', () => {
  let casework: RunningCasework;
  let caseId: string;
  let actionId: string;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    await casework.tell(told(duplicate({ confidence: 'likely' })));
    const { body } = await casework.get('vera', '/v1/cases').expect(200);
    caseId = body.cases[0].caseId;
    actionId = body.cases[0].actions[0].actionId;
  });
  afterAll(() => casework.stop());

  const revision = async (): Promise<number> => (await casework.get('vera', `/v1/cases/${caseId}`)).body.revision;
  const notes = async (): Promise<readonly string[]> => {
    const { body } = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    return body.entries
      .filter(({ what }: { what: string }) => what === 'note')
      .map((line: { data: { text: string } }) => line.data.text);
  };

  it('need an idempotency key, and say how to make one', async () => {
    const answer = await casework.post('ines', `/v1/cases/${caseId}/note`, '').send({ text: 'hello' }).expect(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ type: 'urn:makewhole:problem:idempotency-key-needed', status: 400 });
    expect(answer.body.detail).toContain('UUID');
  });

  it('sent twice with one key are done once and answered alike, also at the same moment', async () => {
    const send = () => casework.post('ines', `/v1/cases/${caseId}/note`, 'note-1').send({ text: 'the buyer called' });
    const answers = await Promise.all([send(), send(), send()]);
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual(answers[0]!.body);
      expect(answer.headers['etag']).toBe(answers[0]!.headers['etag']);
    }
    expect(await notes()).toEqual(['the buyer called']);
  });

  it('with a key that another request used are refused, while another person may use the same key', async () => {
    const other = await casework.post('ines', `/v1/cases/${caseId}/note`, 'note-1').send({ text: 'something else' }).expect(422);
    expect(other.body).toMatchObject({ type: 'urn:makewhole:problem:idempotency-key-reused' });
    await casework.post('root', `/v1/cases/${caseId}/note`, 'note-1').send({ text: 'mine' }).expect(200);
    expect(await notes()).toEqual(['the buyer called', 'mine']);
  });

  it('that failed were not done, and may be sent again with their key', async () => {
    const stale = await casework
      .post('ines', `/v1/cases/${caseId}/note`, 'note-2')
      .set('if-match', '"0"')
      .send({ text: 'again' });
    expect(stale.status).toBe(412);
    await casework.post('ines', `/v1/cases/${caseId}/note`, 'note-2').send({ text: 'again' }).expect(200);
    expect(await notes()).toContain('again');
  });

  it('with the ETag of an older revision are refused, and say which revision there is', async () => {
    const read = await casework.get('vera', `/v1/cases/${caseId}`).expect(200);
    const tag = read.headers['etag'] as string;
    expect(tag).toBe(`"${read.body.revision}"`);
    await casework.post('ines', `/v1/cases/${caseId}/note`).set('if-match', tag).send({ text: 'first' }).expect(200);
    const late = await casework.post('anna', `/v1/actions/${actionId}/approve`).set('if-match', tag).expect(412);
    expect(late.body.detail).toContain('read it again');
    expect(late.headers['etag']).toBe(`"${await revision()}"`);
  });

  it('a reader who has the newest revision is answered 304', async () => {
    const { headers } = await casework.get('vera', `/v1/cases/${caseId}`).expect(200);
    for (const held of [headers['etag'] as string, '*']) {
      await casework.get('vera', `/v1/cases/${caseId}`).set('if-none-match', held).expect(304);
    }
  });

  it('name every fault of a body and every unknown filter', async () => {
    const body = await casework.post('ines', `/v1/cases/${caseId}/note`).send({ text: '' }).expect(400);
    expect(body.body.errors).toEqual([expect.objectContaining({ pointer: '/text' })]);
    const query = await casework.get('vera', '/v1/cases?colour=red').expect(400);
    expect(query.body.detail).toContain('accountId');
    await casework.get('vera', '/v1/cases?limit=201').expect(400);
    await casework.get('vera', '/v1/cases?limit=0').expect(400);
    await casework.get('vera', '/v1/cases?minLossMinor=5').expect(400);
  });

  it('about what is not there are answered 404', async () => {
    await casework.get('vera', '/v1/cases/nothing').expect(404);
    await casework.get('vera', '/v1/cases/nothing/timeline').expect(404);
    await casework.get('vera', '/v1/actions/nothing').expect(404);
    await casework.post('ines', '/v1/cases/nothing/note').send({ text: 'x' }).expect(404);
    await casework.post('anna', '/v1/actions/nothing/approve').expect(404);
  });

  it('decide: a stage with its reason, then an end, which withdraws what nobody has sent', async () => {
    const decide = (body: object) => casework.post('ines', `/v1/cases/${caseId}/decision`).send(body);
    await decide({ outcome: 'healed', reason: 'no person may say so' }).expect(400);
    expect((await decide({ stage: 'awaiting_buyer', reason: 'asked for a receipt' }).expect(200)).body.stage).toBe(
      'awaiting_buyer',
    );
    const closed = await decide({ outcome: 'rejected', reason: 'two purchases' }).expect(200);
    expect(closed.body).toMatchObject({ status: 'closed', outcome: 'rejected', actions: [{ state: 'refused' }] });
    const { body } = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    expect(body.entries).toContainEqual(
      expect.objectContaining({
        by: 'ines',
        what: 'decision',
        data: {
          before: { stage: 'awaiting_buyer', outcome: null },
          after: { stage: 'closed', outcome: 'rejected' },
          why: 'two purchases',
        },
      }),
    );
    await decide({ outcome: 'withdrawn', reason: 'again' }).expect(409);
  });
});

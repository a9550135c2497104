import request from 'supertest';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

describe('a buyer who follows a case', () => {
  let casework: RunningCasework;
  let caseId: string;
  let number: string;
  let secret: string;
  let keys = 0;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
    await casework.tell(
      told(duplicate({ confidence: 'likely' })),
      told(duplicate({ findingId: 'f-2', accountId: 'a-2', orderId: 'o-2', paymentIds: ['p-8'], confidence: 'likely' })),
    );
    const { body } = await casework.get('vera', '/v1/cases?accountId=a-1').expect(200);
    [{ caseId, number }] = body.cases;
    const issued = await casework.post('ines', `/v1/cases/${caseId}/secret`, 'secret-1').send({}).expect(200);
    ({ secret } = issued.body);
  });
  afterAll(() => casework.stop());

  const track = (given: string | undefined = secret, of: string = number) =>
    given === undefined
      ? request(casework.url).get(`/v1/track/${of}`)
      : request(casework.url).get(`/v1/track/${of}`).set('x-case-secret', given);
  const say = (what: string, body: object, key = `buyer-${(keys += 1)}`) =>
    request(casework.url).post(`/v1/track/${number}/${what}`).set('x-case-secret', secret).set('idempotency-key', key).send(body);
  const decide = (body: object, of = caseId) => casework.post('ines', `/v1/cases/${of}/decision`).send(body).expect(200);

  it('sees what happened, where it stands and by when, in English or Chinese', async () => {
    const english = await track().expect(200);
    expect(english.headers).toMatchObject({ 'content-language': 'en', 'cache-control': 'private, no-store' });
    expect(english.body).toMatchObject({
      ...{ number, stage: 'open', status: 'open', loss: [{ minor: 5_000, currency: 'EUR' }], neededFromYou: [] },
      whatHappened: ['You were charged more than once for one order.'],
      next: { clock: 'acknowledge', by: '2026-03-05T12:00:00.000Z' },
    });
    const chinese = await track().set('accept-language', 'zh-CN,zh;q=0.9').expect(200);
    expect(chinese.body).toMatchObject({ language: 'zh', whatHappened: ['同一笔订单被重复扣款。'] });
    expect((await request(casework.url).get(`/v1/track/${number}?secret=${secret}&lang=zh`).expect(200)).body.language).toBe(
      'zh',
    );
    expect((await track(secret, number.toLowerCase().replaceAll('-', ''))).status).toBe(200);
  });

  it('a wrong secret, no secret, another case and a number that is not there are answered alike', async () => {
    const other = (await casework.get('vera', '/v1/cases?accountId=a-2')).body.cases[0].number;
    const answers = await Promise.all([
      track('wrong'),
      request(casework.url).get(`/v1/track/${number}`),
      track(secret, other),
      track(secret, 'MW-0000'),
      track('', other),
    ]);
    for (const { status, body } of answers) expect([status, body]).toEqual([404, answers[0]!.body]);
    await request(casework.url).get(`/v1/track/${number}`).set('authorization', 'Bearer secret-of-root-0001').expect(404);
  });

  it('the secret is shown once, kept as a hash, and a new one voids it', async () => {
    const again = await casework.post('ines', `/v1/cases/${caseId}/secret`, 'secret-1').send({}).expect(200);
    expect(again.body).toEqual({ number, secret: null });
    const { rows } = await casework.pool.query(
      `SELECT count(*)::int AS n FROM casework.api_request WHERE answer::text LIKE '%' || $1 || '%'`,
      [secret],
    );
    expect(rows[0].n).toBe(0);
    const old = secret;
    const reason = 'the buyer lost the first';
    ({ secret } = (await casework.post('ines', `/v1/cases/${caseId}/secret`).send({ reason }).expect(200)).body);
    const { entries } = (await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200)).body;
    const [given, later] = entries.filter(({ what }: { what: string }) => what === 'buyer secret given');
    expect([given.data, later.data, later.by]).toEqual([{}, { why: reason }, 'ines']);
    await track(old).expect(404);
    await track().expect(200);
  });

  it('answers what was asked, by words and by a file; the case waits no more', async () => {
    await decide({ stage: 'awaiting_buyer', reason: 'internal: check the receipt', needed: 'Please send the receipt.' });
    const waiting = await track().expect(200);
    expect(waiting.body.neededFromYou[0]).toBe('Please send the receipt.');
    await decide({ stage: 'awaiting_buyer', reason: 'internal: no answer yet' });
    expect((await track()).body.neededFromYou[0]).toBe('Please send the receipt.');
    expect(JSON.stringify(waiting.body)).not.toContain('internal');
    const answer = await say('message', { text: 'I bought it once' }, 'said-1').expect(200);
    expect(answer.body).toMatchObject({ stage: 'investigating', neededFromYou: [] });
    await say('message', { text: 'I bought it once' }, 'said-1').expect(200);
    await decide({ stage: 'awaiting_buyer', reason: 'again' });
    const sent = await request(casework.url)
      .post(`/v1/track/${number}/evidence?name=receipt.txt`)
      .set({ 'x-case-secret': secret, 'idempotency-key': 'file', 'content-type': 'text/plain' })
      .send('one purchase')
      .expect(200);
    expect(sent.body).toMatchObject({ name: 'receipt.txt', bytes: 12 });
    expect((await track()).body.stage).toBe('investigating');
    await say('complaint', { text: 'this takes too long' }).expect(200);
    const { body } = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    const buyers = body.entries.filter(({ by }: { by: string }) => by === 'buyer').map(({ what }: { what: string }) => what);
    expect(buyers.sort()).toEqual(['buyer complained', 'buyer wrote', 'case investigating', 'case investigating', 'file added']);
    await request(casework.url).post(`/v1/track/${number}/message`).set('idempotency-key', 'x').send({ text: 'x' }).expect(404);
  });

  it('appeals once against a decision, and follows the new case with the old number', async () => {
    const early = await say('appeal', { text: 'not yet' }).expect(409);
    expect(early.body.detail).toBe('it is still being looked at: write to us with …/message or …/complaint');
    await decide({ outcome: 'rejected', reason: 'two purchases' });
    expect((await track()).body).toMatchObject({ outcome: 'rejected', appeal: { possible: true } });
    const appealed = await say('appeal', { text: 'look at the receipt' }, 'appeal-1').expect(200);
    expect(appealed.body).toMatchObject({ stage: 'open', status: 'open' });
    expect(appealed.body.number).not.toBe(number);
    await say('appeal', { text: 'look at the receipt' }, 'appeal-1').expect(200);
    expect((await track()).body.number).toBe(appealed.body.number);
    const { body } = await casework.get('vera', '/v1/cases?accountId=a-1').expect(200);
    expect(body.cases).toHaveLength(2);
  });
});

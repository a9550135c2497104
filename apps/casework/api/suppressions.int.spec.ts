import { defaultPolicy } from '#action/default-policy';
import { duplicate, noon, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

describe('what people keep from becoming cases', () => {
  let casework: RunningCasework;
  const now = noon + 60_000;
  const end = '2026-03-10T00:00:00.000Z';
  beforeAll(async () => {
    const snoozes = [
      {
        snoozeId: 'p/0',
        kind: 'stuck-hold' as const,
        merchantId: 'hotel',
        until: Date.parse(end),
        reason: 'long stays',
        by: 'policy',
      },
    ];
    casework = await startCasework({ clock: () => now, policy: { ...defaultPolicy, version: 'p', snoozes } });
  });
  afterAll(() => casework.stop());

  const likely = (accountId: string, patch: object = {}) =>
    duplicate({ findingId: `f-${accountId}`, accountId, confidence: 'likely', ...patch });
  const casesOf = async (accountId: string) =>
    (await casework.get('vera', `/v1/cases?accountId=${accountId}`).expect(200)).body.cases;
  const findingsOf = async (accountId: string) =>
    (await casework.get('vera', `/v1/findings?accountId=${accountId}`).expect(200)).body.findings;
  const openCase = async (accountId: string, patch: object = {}) => {
    await casework.tell(told(likely(accountId, patch)));
    return (await casesOf(accountId))[0];
  };

  it('a case that is marked closes as rejected, and stays so when the same pair becomes certain', async () => {
    const { caseId } = await openCase('m-1');
    const path = `/v1/cases/${caseId}/not-a-duplicate`;
    const answer = await casework.post('ines', path).send({ reason: 'two gifts' }).expect(200);
    expect(answer.body).toMatchObject({
      ...{ status: 'closed', outcome: 'rejected', loss: [], actions: [{ state: 'refused' }] },
      dismissed: [{ how: 'not-a-duplicate', findingId: 'f-m-1', paymentIds: ['p-1', 'p-2'], reason: 'two gifts', by: 'ines' }],
    });
    expect(answer.headers['etag']).toBe(`"${answer.body.revision}"`);
    await casework.tell(told(likely('m-1', { confidence: 'certain' })));
    await casework.tell(told(likely('m-1', { findingId: 'f-m-1b', kind: 'paid-by-other-means', confidence: 'certain' })));
    expect(await casesOf('m-1')).toMatchObject([{ status: 'closed', outcome: 'rejected', findingIds: ['f-m-1'] }]);
    expect(await findingsOf('m-1')).toMatchObject([
      { findingId: 'f-m-1b', caseId: null, suppressed: { how: 'not-a-duplicate', id: 'f-m-1', reason: 'two gifts', by: 'ines' } },
      { findingId: 'f-m-1', caseId },
    ]);
    expect(await casework.sent('actions')).toEqual([]);
    const { body } = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    expect(body.entries).toContainEqual(
      expect.objectContaining({ by: 'ines', what: 'not-a-duplicate', data: { findingIds: ['f-m-1'], why: 'two gifts' } }),
    );
  });

  it('the same request is answered alike and done once; another one is told that it is marked', async () => {
    const { caseId } = await openCase('m-2');
    const path = `/v1/cases/${caseId}/not-a-duplicate`;
    const first = await casework.post('ines', path, 'k-mark').send({ reason: 'r' }).expect(200);
    const again = await casework.post('ines', path, 'k-mark').send({ reason: 'r' }).expect(200);
    expect(again.body).toEqual(first.body);
    await casework.post('ines', path, 'k-mark').send({ reason: 'other' }).expect(422);
    expect((await casework.post('ines', path).send({ reason: 'r' }).expect(409)).body.type).toContain('already-marked');
  });

  it('a mark on an older state of the case, by a viewer, without a reason or without a duplicate is refused', async () => {
    const { caseId } = await openCase('m-3');
    const path = `/v1/cases/${caseId}/not-a-duplicate`;
    await casework.post('ines', path).set('if-match', '"99"').send({ reason: 'r' }).expect(412);
    await casework.post('vera', path).send({ reason: 'r' }).expect(403);
    await casework.post('ines', path).send({}).expect(400);
    await casework.post('ines', path).send({ reason: 'r', findingId: 'f-none' }).expect(404);
    const hold = await openCase('m-4', { kind: 'stuck-hold' });
    await casework.post('ines', `/v1/cases/${hold.caseId}/not-a-duplicate`).send({ reason: 'r' }).expect(409);
    expect((await casesOf('m-3'))[0]).toMatchObject({ status: 'open' });
  });

  it('a possible finding, which is in no case, is marked before it can become one', async () => {
    await casework.tell(told(likely('m-5', { confidence: 'possible' })));
    const answer = await casework.post('ines', '/v1/findings/f-m-5/not-a-duplicate').send({ reason: 'a habit' }).expect(200);
    expect(answer.body).toMatchObject({ findingId: 'f-m-5', caseId: null, suppressed: { reason: 'a habit' } });
    await casework.tell(told(likely('m-5', { confidence: 'certain' })));
    expect(await casesOf('m-5')).toEqual([]);
    expect(await findingsOf('m-5')).toMatchObject([{ confidence: 'certain', suppressed: { by: 'ines' } }]);
    await casework.post('ines', '/v1/findings/f-none/not-a-duplicate').send({ reason: 'r' }).expect(404);
  });

  it('a further payment is no part of what was marked: the case opens again and people are asked', async () => {
    const { caseId } = await openCase('m-6');
    await casework.post('ines', `/v1/findings/f-m-6/not-a-duplicate`).send({ reason: 'two gifts' }).expect(200);
    expect((await casesOf('m-6'))[0]).toMatchObject({ status: 'closed' });
    await casework.tell(told(likely('m-6', { confidence: 'certain', paymentIds: ['p-1', 'p-2', 'p-3'] })));
    expect((await casesOf('m-6'))[0]).toMatchObject({ caseId, status: 'open' });
    expect(await casework.sent('actions')).toEqual([]);
  });

  it('a snooze from a case closes it as withdrawn, keeps what becomes true before its end from becoming cases, and counts it', async () => {
    const { caseId } = await openCase('s-1');
    const body = { kind: 'duplicate-charge', for: 'buyer', until: end, reason: 'their billing is being mended' };
    const answer = await casework.post('ines', `/v1/cases/${caseId}/snooze`).send(body).expect(200);
    expect(answer.body).toMatchObject({
      status: 'closed',
      outcome: 'withdrawn',
      snooze: { accountId: 's-1', until: end, by: 'ines' },
    });
    const { snoozeId } = answer.body.snooze;
    await casework.tell(
      told(likely('s-1', { findingId: 'f-s-1b', paymentIds: ['p-8', 'p-9'], orderId: 'o-9', at: '2026-03-09T23:59:59Z' })),
    );
    expect(await casesOf('s-1')).toHaveLength(1);
    const listed = await casework.get('vera', `/v1/findings?suppressedBy=${snoozeId}`).expect(200);
    expect(listed.body.findings).toMatchObject([
      { findingId: 'f-s-1b', suppressed: { how: 'snooze', id: snoozeId, until: end } },
    ]);
    const { body: list } = await casework.get('vera', '/v1/snoozes?accountId=s-1').expect(200);
    expect(list.snoozes).toMatchObject([{ snoozeId, kind: 'duplicate-charge', caseId, reason: body.reason, suppressed: 1 }]);
    await casework.tell(told(likely('s-1', { findingId: 'f-s-1c', paymentIds: ['p-6', 'p-7'], orderId: 'o-6', at: end })));
    expect(await casesOf('s-1')).toHaveLength(2);
  });

  it('a snooze of a merchant needs an approver, and concerns every buyer of that kind', async () => {
    const body = { kind: 'duplicate-charge', merchantId: 'vending', until: end, reason: 'two for one' };
    await casework.post('ines', '/v1/snoozes').send(body).expect(403);
    const made = await casework.post('anna', '/v1/snoozes', 'k-snooze').send(body).expect(200);
    expect((await casework.post('anna', '/v1/snoozes', 'k-snooze').send(body).expect(200)).body).toEqual(made.body);
    await casework.tell(
      told(likely('s-2', { merchantId: 'vending' })),
      told(likely('s-3', { merchantId: 'vending', kind: 'stuck-hold' })),
    );
    expect(await casesOf('s-2')).toEqual([]);
    expect(await casesOf('s-3')).toHaveLength(1);
    const over = await casework
      .post('anna', `/v1/snoozes/${made.body.snoozeId}/end`)
      .send({ reason: 'offer is over' })
      .expect(200);
    expect(over.body).toMatchObject({ ended: { by: 'anna', reason: 'offer is over' }, suppressed: 1 });
    await casework.post('anna', `/v1/snoozes/${made.body.snoozeId}/end`).send({ reason: 'again' }).expect(409);
    expect((await casework.get('vera', '/v1/snoozes?merchantId=vending&active=true').expect(200)).body.snoozes).toEqual([]);
    const later = new Date(now + 1).toISOString();
    await casework.tell(told(likely('s-4', { merchantId: 'vending', at: later })));
    expect(await casesOf('s-4')).toHaveLength(1);
  });

  it('a snooze has an end ahead, one subject and a reason', async () => {
    const body = { kind: 'duplicate-charge', accountId: 's-9', until: end, reason: 'r' };
    for (const wrong of [
      { until: '2026-03-01T00:00:00Z' },
      { until: '2036-01-01T00:00:00Z' },
      { until: 'soon' },
      { merchantId: 'm' },
      { reason: ' ' },
      { kind: 'x' },
    ])
      await casework
        .post('anna', '/v1/snoozes')
        .send({ ...body, ...wrong })
        .expect(400);
    await casework.post('vera', '/v1/snoozes').send(body).expect(403);
  });

  it('policy snoozes, too: listed beside those of people, with what they keep from becoming cases', async () => {
    await casework.tell(told(likely('s-5', { kind: 'stuck-hold', merchantId: 'hotel' })));
    expect(await casesOf('s-5')).toEqual([]);
    expect(await findingsOf('s-5')).toMatchObject([{ suppressed: { how: 'snooze', id: 'p/0', by: 'policy' } }]);
    expect((await casework.get('vera', '/v1/snoozes').expect(200)).body.policy).toMatchObject([
      { snoozeId: 'p/0', reason: 'long stays' },
    ]);
  });
});

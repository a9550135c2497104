import { findChainFault, type SealedEntry } from '#case/evidence';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { strayListedRows } from '#test/casework/listed-rows';
import { type RunningCasework, startCasework, until as comeTrue } from '#test/casework/running-casework';

describe('a risk team at its desk', () => {
  let casework: RunningCasework;
  let now = noon + 60_000;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => now });
  });
  afterAll(() => casework.stop());

  const likely = (n: string, patch: object = {}) =>
    duplicate({
      findingId: `f-${n}`,
      accountId: `a-${n}`,
      orderId: `o-${n}`,
      paymentIds: [`p-${n}`, `p-${n}-2`],
      confidence: 'likely',
      ...patch,
    });
  const view = async (caseId: string) => (await casework.get('vera', `/v1/cases/${caseId}`).expect(200)).body;
  const openCase = async (n: string, patch: object = {}) => {
    await casework.tell(told(likely(n, patch)));
    const { body } = await casework.get(
      'vera',
      `/v1/findings?accountId=${(patch as { accountId?: string }).accountId ?? `a-${n}`}`,
    );
    return view(body.findings.find(({ findingId }: { findingId: string }) => findingId === `f-${n}`).caseId);
  };
  const post = (path: string, body: object, person: 'ines' | 'anna' | 'root' = 'ines') => casework.post(person, path).send(body);
  const entries = async (caseId: string) => (await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200)).body.entries;
  const chainFault = async (caseId: string) => {
    const { rows } = await casework.pool.query<SealedEntry>(
      `SELECT case_id AS "caseId", sequence, at_ms::float8 AS at, by, what, data, previous_hash AS "previousHash", hash
       FROM casework.case_entry WHERE case_id = $1 ORDER BY sequence`,
      [caseId],
    );
    const { rows: heads } = await casework.pool.query<{ entry_count: number; chain_head: string }>(
      'SELECT entry_count, chain_head FROM casework.cases WHERE case_id = $1',
      [caseId],
    );
    return findChainFault(rows, { caseId, sequence: heads[0]!.entry_count, hash: heads[0]!.chain_head });
  };

  it('two people who take the next at the same moment never get the same, and each of them gets one', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => openCase(`next-${n}`)));
    const taken = await Promise.all(
      Array.from({ length: 16 }, (_, n) => post('/v1/queues/charges/next', {}, n % 2 ? 'ines' : 'root')),
    );
    const got = taken.filter(({ status }) => status === 200).map(({ body }) => body.caseId as string);
    expect(new Set(got).size).toBe(got.length);
    const left: string[] = [];
    for (let more = await post('/v1/queues/any/next', {}); more.status === 200; more = await post('/v1/queues/any/next', {}))
      left.push(more.body.caseId);
    expect([...got, ...left].sort()).toEqual(made.map(({ caseId }) => caseId).sort());
    expect(await view(got[0]!)).toMatchObject({ stage: 'investigating', queue: 'charges' });
    expect((await post('/v1/queues/any/next', {})).status).toBe(204);
    await post('/v1/queues/nowhere/next', {}).expect(404);
  }, 60_000);

  it('the larger and the surer loss comes first, and asking again with the same key takes no second case', async () => {
    const small = await openCase('small', { loss: { minor: 100, currency: 'EUR' } });
    const large = await openCase('large', { loss: { minor: 900_000, currency: 'EUR' } });
    expect(large.priority).toBeGreaterThan(small.priority);
    const first = await casework.post('ines', '/v1/queues/charges/next', 'take-1').send({}).expect(200);
    const again = await casework.post('ines', '/v1/queues/charges/next', 'take-1').send({}).expect(200);
    expect([first.body.caseId, again.body.caseId]).toEqual([large.caseId, large.caseId]);
    const { body } = await casework.get('vera', '/v1/queues').expect(200);
    expect(body.queues).toContainEqual(expect.objectContaining({ queue: 'charges', unassigned: 1 }));
    await post(`/v1/cases/${small.caseId}/assign`, {}).expect(200);
  });

  it('assignment, tags and their search are audited with before, after and why', async () => {
    const { caseId } = await openCase('audit');
    const given = await post(`/v1/cases/${caseId}/assign`, { assignee: 'bert', reason: 'knows them' }).expect(200);
    expect(given.body).toMatchObject({ assignee: 'bert', stage: 'investigating' });
    await post(`/v1/cases/${caseId}/assign`, { assignee: 'ines' }).set('if-match', '"1"').expect(412);
    await post(`/v1/cases/${caseId}/tags`, { tags: ['vip', 'vip', 'press'] }).expect(200);
    await post(`/v1/cases/${caseId}/tags`, { tags: ['NOT OK'] }).expect(400);
    expect((await casework.get('vera', '/v1/cases?tag=press').expect(200)).body.cases).toMatchObject([
      { caseId, tags: ['press', 'vip'] },
    ]);
    expect((await casework.get('vera', '/v1/cases?assignee=bert').expect(200)).body.cases).toMatchObject([{ caseId }]);
    const back = await post(`/v1/cases/${caseId}/assign`, { assignee: null, reason: 'on leave' }).expect(200);
    expect(back.body).toMatchObject({ assignee: null });
    expect(await entries(caseId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ by: 'ines', what: 'case assigned' },
          data: { before: { assignee: null }, after: { assignee: 'bert' }, why: 'knows them' },
        }),
        expect.objectContaining({ what: 'case tagged', data: { before: { tags: [] }, after: { tags: ['press', 'vip'] } } }),
      ]),
    );
  });

  it('a case that is set aside waits in no queue until its end, or until it is woken', async () => {
    const { caseId } = await openCase('aside');
    const until = new Date(now + 3_600_000).toISOString();
    await post(`/v1/cases/${caseId}/snooze`, { until: '2020-01-01T00:00:00Z', reason: 'r' }).expect(400);
    const aside = await post(`/v1/cases/${caseId}/snooze`, { until, reason: 'bank holiday' }).expect(200);
    expect(aside.body).toMatchObject({ queue: null, status: 'open', snooze: { until, reason: 'bank holiday', by: 'ines' } });
    expect((await post(`/v1/cases/${caseId}/wake`, { reason: 'they called' }).expect(200)).body).toMatchObject({
      queue: 'charges',
      snooze: null,
    });
    await post(`/v1/cases/${caseId}/wake`, { reason: 'again' }).expect(409);
    await post(`/v1/cases/${caseId}/snooze`, { until, reason: 'bank holiday' }).expect(200);
    now += 3_600_001;
    await comeTrue(async () => (await view(caseId)).queue === 'charges');
    expect(await entries(caseId)).toContainEqual(expect.objectContaining({ by: 'makewhole', what: 'case woken' }));
  });

  it('a merge takes in findings and actions; the other case keeps its number and chain, and what comes later finds its way', async () => {
    const into = await openCase('m-1', { accountId: 'a-m' });
    const other = await openCase('m-2', { accountId: 'a-m' });
    const [action] = other.actions;
    await post(`/v1/cases/${into.caseId}/merge`, { caseId: into.caseId, reason: 'r' }).expect(409);
    const merged = await post(`/v1/cases/${into.caseId}/merge`, { caseId: other.caseId, reason: 'one story' }).expect(200);
    expect(merged.body).toMatchObject({
      ...{ caseId: into.caseId, findingIds: ['f-m-1', 'f-m-2'], loss: [{ minor: 10_000, currency: 'EUR' }] },
      cameFrom: [{ how: 'merged', caseId: other.caseId, number: other.number }],
    });
    expect(await view(other.caseId)).toMatchObject({
      ...{ status: 'closed', outcome: 'merged', number: other.number, findingIds: [], loss: [] },
      handedOver: [{ how: 'merged', to: into.caseId, by: 'ines', reason: 'one story', findings: [{ findingId: 'f-m-2' }] }],
    });
    expect(await chainFault(into.caseId)).toBeUndefined();
    expect(await chainFault(other.caseId)).toBeUndefined();
    await casework.post('anna', `/v1/actions/${action.actionId}/approve`).expect(200);
    await casework.append('action-results', [{ key: 'a-m', value: resultOf({ ...action, caseId: other.caseId }) }]);
    expect((await view(into.caseId)).actions).toContainEqual(
      expect.objectContaining({ actionId: action.actionId, state: 'confirmed' }),
    );
    await casework.tell(told(likely('m-2', { accountId: 'a-m', confidence: 'certain' })));
    const { body } = await casework.get('vera', '/v1/cases?accountId=a-m&status=open').expect(200);
    expect(body.cases).toMatchObject([{ caseId: into.caseId, findingIds: ['f-m-1', 'f-m-2'] }]);
    const stranger = await openCase('m-9');
    await post(`/v1/cases/${into.caseId}/merge`, { caseId: stranger.caseId, reason: 'r' }).expect(409);
  });

  it('findings about other money are split off; those about the same money stay together', async () => {
    const held = await openCase('s-1', { accountId: 'a-s' });
    const shared = { accountId: 'a-s', orderId: 'o-s-1' };
    await casework.tell(
      told(likely('s-2', { ...shared, paymentIds: ['p-s-9'], kind: 'refund-overdue' }), [
        paymentFacts('p-s-9', { accountId: 'a-s' }),
      ]),
    );
    await casework.tell(told(likely('s-3', { ...shared, paymentIds: ['p-s-1'], kind: 'refund-amount-wrong' })));
    await post(`/v1/cases/${held.caseId}/split`, { findingIds: ['f-s-3'], reason: 'r' }).expect(409);
    await post(`/v1/cases/${held.caseId}/split`, { findingIds: ['f-none'], reason: 'r' }).expect(409);
    const born = (await post(`/v1/cases/${held.caseId}/split`, { findingIds: ['f-s-2'], reason: 'another refund' }).expect(200))
      .body;
    expect(born).toMatchObject({ findingIds: ['f-s-2'], cameFrom: [{ how: 'split', caseId: held.caseId }], clocks: held.clocks });
    expect(born.number).not.toBe(held.number);
    expect((await view(held.caseId)).findingIds).toEqual(['f-s-1', 'f-s-3']);
    expect(await chainFault(held.caseId)).toBeUndefined();
    expect(await chainFault(born.caseId)).toBeUndefined();
  });

  it('a case that a person closed goes on as a linked one, in which policy asks', async () => {
    const held = await openCase('r-1');
    await post(`/v1/cases/${held.caseId}/reopen`, { reason: 'r' }).expect(409);
    await post(`/v1/cases/${held.caseId}/decision`, { outcome: 'rejected', reason: 'two purchases' }).expect(200);
    const born = (await post(`/v1/cases/${held.caseId}/reopen`, { reason: 'a receipt came' }).expect(200)).body;
    expect(born).toMatchObject({
      ...{ stage: 'open', outcome: null, findingIds: ['f-r-1'] },
      cameFrom: [{ how: 'reopened', caseId: held.caseId, number: held.number }],
    });
    expect(await view(held.caseId)).toMatchObject({ outcome: 'rejected', handedOver: [{ how: 'reopened', to: born.caseId }] });
    await post(`/v1/cases/${held.caseId}/reopen`, { reason: 'again' }).expect(409);
    await casework.tell(told(likely('r-1', { confidence: 'certain' })));
    expect((await casework.sent('actions')).filter(({ data }) => data['accountId'] === 'a-r-1')).toEqual([]);
    expect(await chainFault(born.caseId)).toBeUndefined();
  });

  it('findings that arrive while cases are merged are in one case at the end', async () => {
    for (let round = 0; round < 5; round++) {
      const account = `a-race-${round}`;
      const into = await openCase(`ra-${round}`, { accountId: account });
      const other = await openCase(`rb-${round}`, { accountId: account });
      const late = likely(`rc-${round}`, { accountId: account, orderId: `o-rb-${round}`, paymentIds: [`p-rc-${round}`] });
      await Promise.all([
        post(`/v1/cases/${into.caseId}/merge`, { caseId: other.caseId, reason: 'r' }).expect(200),
        casework.tell(told(late)),
      ]);
      const { body } = await casework.get('vera', `/v1/cases?accountId=${account}&status=open`).expect(200);
      const findings = body.cases.flatMap(({ findingIds }: { findingIds: string[] }) => findingIds).sort();
      expect(findings).toEqual([`f-ra-${round}`, `f-rb-${round}`, `f-rc-${round}`]);
    }
  });

  it('lists are picked by the kinds and losses that cases have now, whatever was merged, split and opened again', async () => {
    const { rows } = await casework.pool.query('SELECT 1 FROM casework.case_kind');
    expect(rows.length).toBeGreaterThan(20);
    expect(await strayListedRows(casework.pool)).toEqual([]);
  });
});

const resultOf = ({ actionId, key, caseId, kind }: { actionId: string; key: string; caseId: string; kind: string }): string =>
  JSON.stringify({
    ...{
      specversion: '1.0',
      source: 'test',
      type: 'makewhole.action-result',
      id: `r-${actionId}`,
      time: '2026-03-02T12:00:00.000Z',
    },
    data: { actionId, key, caseId, kind, accountId: 'a-m', state: 'confirmed', at: '2026-03-02T12:00:00.000Z' },
  });

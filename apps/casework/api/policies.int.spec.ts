import { defaultPolicy } from '#action/default-policy';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { type Person, type RunningCasework, startCasework } from '#test/casework/running-casework';

const reason = 'because of the tests';
/** Asks a person about everything. */
const careful = (version: string) => ({
  version,
  rules: [{ kinds: ['duplicate-charge'], confidence: ['certain', 'likely'], decision: 'ask', action: 'refund' }],
});

describe('the life of a policy over the API', () => {
  let casework: RunningCasework;
  let count = 0;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
  });
  afterEach(async () => {
    if ((await live()).version !== 'default-3') await step('emma', '/default-3/rollback/emergency').expect(200);
  });
  afterAll(() => casework.stop());

  const step = (person: Person, path: string, body: object = { reason }) =>
    casework.post(person, `/v1/policies${path}`).send(body);
  const draft = async (version: string, by: Person = 'anna') =>
    (await step(by, '', { document: careful(version), reason }).expect(200)).headers['etag']!;
  const putLive = async (version: string) => {
    const etag = await draft(version);
    await step('bert', `/${version}/approve`).set('if-match', etag).expect(200);
    await step('anna', `/${version}/live`).expect(200);
  };
  const live = async () => (await casework.get('vera', '/v1/policies/live').expect(200)).body;
  /** A certain duplicate of a buyer of its own; returns what was decided. */
  const lose = async () => {
    count += 1;
    const [accountId, paymentIds] = [`a-${count}`, [`p-${count}-1`, `p-${count}-2`]];
    const finding = duplicate({ findingId: `f-${count}`, accountId, orderId: `o-${count}`, paymentIds });
    await casework.tell(
      told(
        finding,
        paymentIds.map((paymentId) => paymentFacts(paymentId, { accountId })),
      ),
    );
    const { body } = await casework.get('vera', `/v1/actions?accountId=${accountId}`).expect(200);
    return body.actions.map((action: { state: string; policyVersion: string }) => [action.state, action.policyVersion]);
  };

  it("the configuration's policy is the first version, whole, and told to those who carry actions out", async () => {
    const { document, ...row } = await live();
    expect(row).toMatchObject({ version: 'default-3', state: 'live', authors: ['configuration'], approvedBy: null });
    expect(document).toEqual(JSON.parse(JSON.stringify(defaultPolicy)));
    expect(await lose()).toEqual([['approved', 'default-3']]);
    const said = await casework.sent('actions', 'makewhole.policy');
    expect(said.map(({ data }) => [data['version'], data['sequence']])).toEqual([['default-3', 1]]);
  });

  it('a draft decides nothing; approved by another person and put in force it decides from then on, and goes back by two', async () => {
    const etag = await draft('v2');
    expect(await lose()).toEqual([['approved', 'default-3']]);
    await step('anna', '/v2/live').expect(409);
    await step('bert', '/v2/approve').set('if-match', etag).expect(200);
    expect(await lose()).toEqual([['approved', 'default-3']]);
    await step('anna', '/v2/live').expect(200);
    expect(await lose()).toEqual([['awaiting_approval', 'v2']]);

    await step('anna', '/default-3/rollback', {}).expect(400);
    await step('anna', '/default-3/rollback').expect(200);
    expect(await lose()).toEqual([['awaiting_approval', 'v2']]);
    const own = await step('anna', '/default-3/rollback/approve').expect(403);
    expect(own.body.type).toBe('urn:makewhole:problem:four-eyes');
    await step('bert', '/default-3/rollback/approve').expect(200);
    expect(await lose()).toEqual([['approved', 'default-3']]);
    expect((await casework.get('vera', '/v1/policies/v2').expect(200)).body).toMatchObject({ state: 'rolled_back' });

    const { body } = await casework.get('vera', '/v1/policies/changes?limit=6').expect(200);
    expect(
      body.changes.map((change: { by: string; what: string; version: string; why: string }) => [
        change.by,
        change.what,
        change.version,
      ]),
    ).toEqual([
      ['bert', 'rolled back', 'default-3'],
      ['anna', 'rollback asked', 'default-3'],
      ['anna', 'live', 'v2'],
      ['bert', 'approved', 'v2'],
      ['anna', 'drafted', 'v2'],
      ['configuration', 'live', 'default-3'],
    ]);
    expect(body.changes[0]).toMatchObject({
      ...{ at: new Date(noon + 60_000).toISOString(), why: reason },
      ...{ before: { state: 'retired', live: 'v2' }, after: { state: 'live' } },
    });
    await expect(casework.pool.query('UPDATE casework.policy_change SET by = $1', ['nobody'])).rejects.toThrow(/append-only/);
    const said = await casework.sent('actions', 'makewhole.policy');
    expect(said.map(({ data }) => data['version']).sort()).toEqual(['default-3', 'default-3', 'v2']);
  });

  it('nobody approves their own draft, nor one that they revised; the database refuses it, too', async () => {
    const etag = await draft('v4');
    const own = await step('anna', '/v4/approve').set('if-match', etag).expect(403);
    expect(own.body).toMatchObject({
      type: 'urn:makewhole:problem:four-eyes',
      detail: expect.stringContaining('ask a colleague'),
    });
    const revised = await step('bert', '/v4/revise', { document: careful('v4'), reason })
      .set('if-match', etag)
      .expect(200);
    await step('bert', '/v4/approve').set('if-match', revised.headers['etag']!).expect(403);
    await step('root', '/v4/approve').set('if-match', etag).expect(412);
    await step('root', '/v4/approve').expect(428);
    await step('root', '/v4/approve').set('if-match', revised.headers['etag']!).expect(200);
    const approve = `UPDATE casework.policy_version SET approved_by = 'anna' WHERE version = 'v4'`;
    await expect(casework.pool.query(approve)).rejects.toThrow(/violates check constraint/);
    const rewrite = `UPDATE casework.policy_version SET document = '{}' WHERE version = 'v4'`;
    await expect(casework.pool.query(rewrite)).rejects.toThrow(/stays as it was approved/);
  });

  it('of approvals at the same moment one takes effect, the author never among them', async () => {
    const etag = await draft('v6');
    const people = ['anna', 'bert', 'root', 'anna'] as const;
    const answers = await Promise.all(people.map((person) => step(person, '/v6/approve').set('if-match', etag)));
    const taken = answers.flatMap(({ status }, at) => (status === 200 ? [people[at]] : []));
    expect(taken).toHaveLength(1);
    expect(taken).not.toContain('anna');
    expect((await casework.get('vera', '/v1/policies/v6').expect(200)).body).toMatchObject({ approvedBy: taken[0], revision: 2 });
  });

  it('of two versions put in force at the same moment one is live in the end, and the other had its turn', async () => {
    for (const version of ['v8', 'v9']) {
      await step('bert', `/${version}/approve`)
        .set('if-match', await draft(version))
        .expect(200);
    }
    await Promise.all(['v8', 'v9'].map((version) => step('anna', `/${version}/live`).expect(200)));
    const { body } = await casework.get('vera', '/v1/policies').expect(200);
    const states = body.policies.slice(0, 2).map(({ state }: { state: string }) => state);
    expect(states.sort()).toEqual(['live', 'retired']);
  });

  it('the emergency right goes back at once, by one person, on record under its name', async () => {
    await putLive('v10');
    await step('anna', '/default-3/rollback/emergency').expect(403);
    await step('emma', '/v10/rollback/emergency').expect(409);
    await step('emma', '/default-3/rollback/emergency').expect(200);
    expect(await live()).toMatchObject({ version: 'default-3' });
    const { body } = await casework.get('vera', '/v1/policies/changes?version=default-3&limit=1').expect(200);
    expect(body.changes).toMatchObject([{ by: 'emma', what: 'rolled back in an emergency', why: reason }]);
  });

  it('a wrong document is refused with every place; a version once used stays what it is', async () => {
    const wrong = { version: 'live', rules: [{ kinds: ['x'], confidence: [], decision: 'act' }], dryRun: 'yes' };
    const { body } = await step('anna', '', { document: wrong, reason }).expect(400);
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/document/rules/0/kinds',
      '/document/rules/0/action',
      '/document/dryRun',
      '/document/version',
    ]);
    await draft('v12');
    await step('bert', '', { document: careful('v12'), reason }).expect(409);
  });

  it('the same request twice is one change, and answers alike', async () => {
    const once = () => casework.post('anna', '/v1/policies', 'key-of-mine').send({ document: careful('v14'), reason });
    const [first, second] = [await once().expect(200), await once().expect(200)];
    expect(second.body).toEqual(first.body);
    const { body } = await casework.get('vera', '/v1/policies/changes?version=v14').expect(200);
    expect(body.changes).toHaveLength(1);
  });

  it('a decision says under which version it was made, and is made again under any other, a draft too', async () => {
    await lose();
    const { body } = await casework.get('vera', '/v1/decisions?policyVersion=default-3&limit=1').expect(200);
    const [{ decisionId, caseId, actions }] = body.decisions;
    expect(actions).toMatchObject([{ kind: 'refund', state: 'approved' }]);
    const replay = async (version: string) =>
      (await casework.get('vera', `/v1/decisions/${decisionId}/replay?policy=${version}`).expect(200)).body;
    expect(await replay('default-3')).toMatchObject({ policyVersion: 'default-3', differences: [] });
    await draft('replayed-1');
    expect((await replay('replayed-1')).differences).toMatchObject([
      { recorded: { state: 'approved' }, replayed: { state: 'awaiting_approval', approvalsNeeded: 1 } },
    ]);
    const all = await casework.get('vera', `/v1/decisions/replay?policy=replayed-1&caseId=${caseId}`).expect(200);
    expect(all.body).toMatchObject({ compared: 1, differing: 1, decisions: [{ decisionId }] });
    await casework.get('vera', `/v1/decisions/${decisionId}/replay?policy=nowhere`).expect(400);
  });

  it('a rollback waits for the batch that is being decided; what is decided after its answer is under the other version', async () => {
    await putLive('v16');
    const client = await casework.pool.connect();
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('makewhole.casework.policy', 0))`);
    let answered = false;
    const back = step('emma', '/default-3/rollback/emergency').then(({ status }) => {
      answered = true;
      return status;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(answered).toBe(false);
    await client.query('COMMIT');
    client.release();
    expect(await back).toBe(200);
    expect(await lose()).toEqual([['approved', 'default-3']]);
  });

  it('while versions change under a flood of findings, each decision names one version and follows it', async () => {
    await putLive('v18');
    const losing = (async () => {
      for (let n = 0; n < 12; n++) await lose();
    })();
    for (let turn = 0; turn < 6; turn++) {
      await step('emma', `/${turn % 2 === 0 ? 'default-3' : 'v18'}/rollback/emergency`).expect(200);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await losing;
    const { rows } = await casework.pool.query<{ state: string; policy_version: string }>(
      `SELECT DISTINCT document ->> 'approvalsNeeded' AS state, policy_version FROM casework.action`,
    );
    for (const { state, policy_version: version } of rows)
      expect([version, state]).toEqual([version, version === 'default-3' ? '0' : '1']);
  });
});

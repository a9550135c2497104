import { defaultPolicy } from '#action/default-policy';
import type { Policy } from '#action/policy';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';

const policy: Policy = {
  ...defaultPolicy,
  version: 'strict-1',
  fourEyes: { above: { minor: {}, otherwise: 10_000 }, people: 2 },
};

describe('four eyes', () => {
  let casework: RunningCasework;
  let count = 0;
  beforeAll(async () => {
    casework = await startCasework({ policy, clock: () => noon + 60_000 });
  });
  afterAll(() => casework.stop());

  /** A case whose refund waits for people: one for a likely finding, two above the policy's amount. */
  const waiting = async (minor = 5_000) => {
    count += 1;
    const accountId = `a-${count}`;
    const finding = duplicate({
      findingId: `f-${count}`,
      accountId,
      confidence: minor > 10_000 ? 'certain' : 'likely',
      paymentIds: [`p-${count}-1`, `p-${count}-2`],
      loss: { minor, currency: 'EUR' },
    });
    const payments = finding.paymentIds.map((paymentId) => paymentFacts(paymentId, { accountId, capturedMinor: minor }));
    await casework.tell(told(finding, payments));
    const { body } = await casework.get('vera', `/v1/actions?accountId=${accountId}`).expect(200);
    expect(body.actions).toEqual([expect.objectContaining({ state: 'awaiting_approval', policyVersion: 'strict-1' })]);
    return { ...body.actions[0], finding, payments };
  };
  const ordersOf = async (actionId: string) =>
    (await casework.sent('actions')).filter(({ data }) => data['actionId'] === actionId);

  it('one other person lets a refund out that policy asks about, and the order says who', async () => {
    const { actionId, caseId } = await waiting();
    const { body } = await casework.post('anna', `/v1/actions/${actionId}/approve`).expect(200);
    expect(body).toMatchObject({ actionId, state: 'approved', approvedBy: ['anna'] });
    expect(await ordersOf(actionId)).toEqual([
      expect.objectContaining({ data: expect.objectContaining({ approvedBy: ['anna'], policyVersion: 'strict-1' }) }),
    ]);
    const timeline = await casework.get('vera', `/v1/cases/${caseId}/timeline`).expect(200);
    expect(timeline.body.entries.at(-1)).toMatchObject({ by: 'makewhole' });
    expect(timeline.body.entries).toContainEqual(
      expect.objectContaining({
        by: 'anna',
        what: 'action approved',
        data: expect.objectContaining({
          before: { state: 'awaiting_approval', approvedBy: [] },
          after: { state: 'approved', approvedBy: ['anna'] },
        }),
      }),
    );
  });

  it('above the amount two people are needed, and one person does not count twice', async () => {
    const { actionId } = await waiting(20_000);
    const first = await casework.post('anna', `/v1/actions/${actionId}/approve`).expect(200);
    expect(first.body.state).toBe('awaiting_approval');
    const again = await casework.post('anna', `/v1/actions/${actionId}/approve`).expect(409);
    expect(again.body).toMatchObject({ type: 'urn:makewhole:problem:four-eyes' });
    expect(await ordersOf(actionId)).toHaveLength(0);
    const second = await casework.post('bert', `/v1/actions/${actionId}/approve`).expect(200);
    expect(second.body).toMatchObject({ state: 'approved', approvedBy: ['anna', 'bert'] });
    expect(await ordersOf(actionId)).toHaveLength(1);
    await casework.post('root', `/v1/actions/${actionId}/approve`).expect(409);
  });

  it('nobody approves what they proposed: the API refuses it, and so does the database', async () => {
    const { actionId, caseId } = await waiting();
    await casework.pool.query(
      `UPDATE casework.cases SET document = jsonb_set(document::jsonb, '{actions,0,proposedBy}', '"anna"')::json WHERE case_id = $1`,
      [caseId],
    );
    const refused = await casework.post('anna', `/v1/actions/${actionId}/approve`).expect(403);
    expect(refused.body.detail).toContain('ask a colleague');
    const insert = `INSERT INTO casework.action_approval (action_id, person, proposed_by, at_ms) VALUES ($1, 'anna', 'anna', 0)`;
    await expect(casework.pool.query(insert, [actionId])).rejects.toThrow(/violates check constraint/);
  });

  it('a rejection needs a reason, stands, and is not proposed again', async () => {
    const { actionId, finding, payments, accountId } = await waiting();
    await casework.post('anna', `/v1/actions/${actionId}/reject`).send({}).expect(400);
    const { body } = await casework.post('anna', `/v1/actions/${actionId}/reject`).send({ reason: 'two purchases' }).expect(200);
    expect(body).toMatchObject({ state: 'refused', reason: 'two purchases' });
    await casework.tell(told({ ...finding, confidence: 'certain' }, payments));
    const after = await casework.get('vera', `/v1/actions?accountId=${accountId}`).expect(200);
    expect(after.body.actions).toHaveLength(1);
    expect(await ordersOf(actionId)).toHaveLength(0);
  });

  it('guards are asked again at approval: a chargeback that began meanwhile stops the refund', async () => {
    const { actionId, payments } = await waiting();
    await casework.tell({ type: 'payment', payment: { ...payments[1], chargebackOpen: true, asOf: noon + 1 } });
    const { body } = await casework.post('anna', `/v1/actions/${actionId}/approve`).expect(200);
    expect(body).toMatchObject({ state: 'refused', guard: 'open-chargeback' });
    expect(await ordersOf(actionId)).toHaveLength(0);
  });

  it('money of a payment of which nothing is known is not approved: the action waits, and goes out once its facts came', async () => {
    count += 1;
    const accountId = `a-${count}`;
    const paymentIds = [`p-${count}-1`, `p-${count}-2`];
    await casework.tell(told(duplicate({ findingId: `f-${count}`, accountId, confidence: 'likely', paymentIds }), []));
    const waits = async () => (await casework.get('vera', `/v1/actions?accountId=${accountId}`).expect(200)).body.actions[0];
    const before = await waits();
    const { body, headers } = await casework.post('anna', `/v1/actions/${before.actionId}/approve`).expect(409);
    expect(headers['content-type']).toContain('application/problem+json');
    expect(body).toMatchObject({
      type: 'urn:makewhole:problem:unknown-payment',
      detail: expect.stringContaining(paymentIds[1]!),
    });
    expect(body.detail).toContain('approve again');
    expect(await waits()).toEqual(before);
    expect(await ordersOf(before.actionId)).toHaveLength(0);

    for (const paymentId of paymentIds) await casework.tell({ type: 'payment', payment: paymentFacts(paymentId, { accountId }) });
    const after = await casework.post('anna', `/v1/actions/${before.actionId}/approve`).expect(200);
    expect(after.body).toMatchObject({ state: 'approved', approvedBy: ['anna'] });
    expect(await ordersOf(before.actionId)).toHaveLength(1);
  });

  it('of two approvals at the same moment one takes effect, and there is one order', async () => {
    const { actionId } = await waiting();
    const answers = await Promise.all(
      (['anna', 'bert', 'root'] as const).map((person) => casework.post(person, `/v1/actions/${actionId}/approve`)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await ordersOf(actionId)).toHaveLength(1);
  });
});

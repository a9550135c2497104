import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { resultRecord } from '#test/casework/finding-records';
import { type RunningCasework, startCasework, until } from '#test/casework/running-casework';

describe('from a finding to money back', () => {
  let casework: RunningCasework;
  let now = noon + 60_000;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => now });
  });
  afterAll(() => casework.stop());

  const onlyCase = async (accountId: string) => {
    const { body } = await casework.get('vera', `/v1/cases?accountId=${accountId}`).expect(200);
    expect(body.cases).toHaveLength(1);
    return body.cases[0];
  };

  it('a certain finding becomes a case, and the refund that policy allows is ordered once', async () => {
    await casework.tell(told(duplicate()));
    const held = await onlyCase('a-1');
    expect(held).toMatchObject({
      kinds: ['duplicate-charge'],
      findingIds: ['f-1'],
      loss: [{ minor: 5_000, currency: 'EUR' }],
      status: 'open',
      stage: 'resolving',
      openedAt: '2026-03-02T12:00:00.000Z',
      actions: [{ kind: 'refund', paymentId: 'p-2', amount: { minor: 5_000, currency: 'EUR' }, state: 'approved' }],
    });
    const orders = await casework.sent('actions');
    expect(orders).toHaveLength(1);
    expect(orders[0]).toMatchObject({
      type: 'makewhole.action',
      data: { actionId: held.actions[0].actionId, key: held.actions[0].key, caseNumber: held.number, evidence: ['e-1', 'e-2'] },
    });
    expect((await casework.sent('cases')).map(({ type }) => type)).toContain('makewhole.case');
  });

  it('the same findings again, under the same ids or new ones, change nothing', async () => {
    const before = await casework.get('vera', '/v1/cases').expect(200);
    await casework.tell(told(duplicate()), told(duplicate()));
    expect((await casework.get('vera', '/v1/cases').expect(200)).body).toEqual(before.body);
    expect(await casework.sent('actions')).toHaveLength(1);
  });

  it('what the actuator reports is written into the case, and a confirmed refund makes the buyer whole', async () => {
    const [action] = (await onlyCase('a-1')).actions;
    const report = (state: 'sent' | 'confirmed') =>
      resultRecord(
        {
          actionId: action.actionId,
          key: action.key,
          caseId: caseId,
          accountId: 'a-1',
          kind: 'refund',
          state,
          ...(state === 'confirmed' ? { reference: 're-1' } : {}),
          at: '2026-03-02T12:00:01Z',
        },
        `result-${state}`,
      );
    const { caseId } = await onlyCase('a-1');
    await casework.append('action-results', [report('sent'), report('confirmed')]);
    await casework.append('action-results', [report('sent')]);
    expect((await onlyCase('a-1')).actions[0]).toMatchObject({ state: 'confirmed' });
    await casework.tell(
      told(duplicate({ status: 'cleared' }), [paymentFacts('p-2', { refundedMinor: 5_000, refundIds: ['re-1'] })]),
    );
    expect(await onlyCase('a-1')).toMatchObject({ status: 'closed', outcome: 'made_whole', loss: [] });
  });

  it('a case whose finding a late event clears heals itself and keeps its evidence', async () => {
    const finding = duplicate({ findingId: 'f-2', accountId: 'a-2', confidence: 'likely' });
    await casework.tell(told(finding));
    await casework.tell(told({ ...finding, status: 'cleared' }));
    const held = await onlyCase('a-2');
    expect(held).toMatchObject({ status: 'closed', outcome: 'healed', actions: [{ state: 'refused', guard: 'loss-healed' }] });
    const { body } = await casework.get('vera', `/v1/cases/${held.caseId}/timeline`).expect(200);
    expect(body.entries.map(({ what }: { what: string }) => what)).toEqual(
      expect.arrayContaining(['case opened', 'finding cleared', 'case closed']),
    );
    expect(body.entries[0].sequence).toBe(1);
  });

  it('a possible finding is listed and opens no case', async () => {
    await casework.tell(told(duplicate({ findingId: 'f-3', accountId: 'a-3', confidence: 'possible' })));
    const { body } = await casework.get('vera', '/v1/findings?confidence=possible').expect(200);
    expect(body.findings).toEqual([expect.objectContaining({ findingId: 'f-3', caseId: null })]);
    expect((await casework.get('vera', '/v1/cases?accountId=a-3').expect(200)).body.cases).toEqual([]);
  });

  it('a finding in shadow is listed with its mark and opens no case until its kind is live', async () => {
    const finding = duplicate({ findingId: 'f-6', accountId: 'a-6' });
    await casework.tell(told({ ...finding, mode: 'shadow' }));
    const listed = async (mode: string) =>
      (await casework.get('vera', `/v1/findings?accountId=a-6&mode=${mode}`).expect(200)).body.findings;
    expect(await listed('shadow')).toEqual([expect.objectContaining({ findingId: 'f-6', mode: 'shadow', caseId: null })]);
    expect(await listed('live')).toEqual([]);
    expect((await casework.get('vera', '/v1/cases?accountId=a-6').expect(200)).body.cases).toEqual([]);
    await casework.tell(told(finding));
    expect(await onlyCase('a-6')).toMatchObject({ findingIds: ['f-6'], actions: [{ state: 'approved' }] });
    expect(await listed('shadow')).toEqual([]);
  });

  it('what is no message of ours becomes a dead letter and blocks nothing', async () => {
    await casework.append('findings', [{ key: 'a-4', value: 'not json' }]);
    await casework.tell(told(duplicate({ findingId: 'f-4', accountId: 'a-4' })));
    expect(await onlyCase('a-4')).toMatchObject({ status: 'open' });
    expect(await casework.sent('dead-letters')).toEqual([expect.objectContaining({ topic: 'findings', reason: 'not-json' })]);
  });

  it('a buyer finds the case by payment, order and number, also when the number was typed carelessly', async () => {
    const { caseId, number } = await onlyCase('a-4');
    const careless = encodeURIComponent(number.toLowerCase().replaceAll('-', ' '));
    for (const filter of ['paymentId=p-1&accountId=a-4', 'orderId=o-1&accountId=a-4', `number=${careless}`]) {
      const { body } = await casework.get('vera', `/v1/cases?${filter}`).expect(200);
      expect(body.cases.map((held: { caseId: string }) => held.caseId)).toEqual([caseId]);
    }
    const typo = await casework.get('vera', '/v1/cases?number=MW-0000-0000-0000-1').expect(400);
    expect(typo.body.detail).toContain('check character');
  });

  it('a clock that ran out is missed, once, and never before its time', async () => {
    const finding = duplicate({ findingId: 'f-5', accountId: 'a-5', confidence: 'likely', at: new Date(noon).toISOString() });
    await casework.tell(told(finding));
    const stateOf = async () => {
      const { clocks } = await onlyCase('a-5');
      return clocks.find(({ name }: { name: string }) => name === 'acknowledge').state;
    };
    const { clocks } = await onlyCase('a-5');
    now = Date.parse(clocks.find(({ name }: { name: string }) => name === 'acknowledge').dueAt);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await stateOf()).toBe('running');
    now += 1;
    await until(async () => (await stateOf()) === 'missed');
    await new Promise((resolve) => setTimeout(resolve, 600));
    const metrics = await casework.get('root', '/metrics');
    expect(metrics.text).toContain('makewhole_case_clock_breaches_total{clock="acknowledge"} 1');
  });
});

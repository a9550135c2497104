import type { Policy } from '#action/policy';
import type { ActionResult } from '#action/action';
import { resultRecord } from '#test/casework/finding-records';
import { told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework } from '#test/casework/running-casework';
import { lateAndOver, lateFinding, latePayment, paying } from '#test/money/late-payment';

const at = '2026-06-03T12:00:00.000Z';
const policy: Policy = paying('act', {
  version: 'paying-1',
  rules: [{ kinds: ['payment-unconfirmed'], confidence: ['certain'], decision: 'act', action: 'refund' }],
});

describe('what the law adds, as casework orders it', () => {
  let casework: RunningCasework;
  beforeAll(async () => {
    casework = await startCasework({ policy, clock: () => Date.parse(at) });
  });
  afterAll(() => casework.stop());

  const about = (accountId: string) => ({
    findingId: `late-${accountId}`,
    accountId,
    paymentIds: [`pay-${accountId}`],
    orderId: accountId,
  });
  const payments = (accountId: string) => [latePayment({ paymentId: `pay-${accountId}`, accountId, orderId: accountId })];
  const ordersOf = async (accountId: string, kind: string) =>
    (await casework.sent('actions')).filter(({ data }) => data['accountId'] === accountId && data['kind'] === kind);

  it('a daily compensation goes out once: with the end of the delay, however often and in whatever words that is told', async () => {
    await casework.tell(told(lateFinding(about('b-1')), payments('b-1')));
    const over = told(lateAndOver(3, about('b-1')), payments('b-1'));
    await casework.tell(over);
    await casework.tell(over);
    await casework.tell(told(lateAndOver(4, about('b-1')), payments('b-1')));
    expect(await ordersOf('b-1', 'compensate')).toMatchObject([
      { data: { accrual: 'daily-compensation', amount: { minor: 30_000, currency: 'INR' }, owed: { minor: 30_000 } } },
    ]);
  });

  it('or when the actuator tells that the refund is done', async () => {
    await casework.tell(told(lateFinding(about('b-2')), payments('b-2')));
    const [refund] = (await ordersOf('b-2', 'refund')).map(({ data }) => data as unknown as ActionResult);
    const { actionId, key, caseId } = refund!;
    const result = { actionId, key, caseId, accountId: 'b-2', kind: 'refund', state: 'confirmed', at } as const;
    for (const id of ['r-1', 'r-2']) await casework.append('action-results', [resultRecord(result, id)]);
    await casework.tell(told(lateAndOver(3, about('b-2')), payments('b-2')));
    expect(await ordersOf('b-2', 'compensate')).toMatchObject([{ data: { amount: { minor: 30_000, currency: 'INR' } } }]);
    const { body } = await casework.get('vera', `/v1/cases/${caseId}`).expect(200);
    expect(body.actions).toMatchObject([
      { kind: 'refund' },
      { kind: 'compensate', accrual: 'daily-compensation', state: 'approved' },
    ]);
  });

  it('is said by the policy as it is shown', async () => {
    const { body } = await casework.get('vera', '/v1/policies/paying-1').expect(200);
    expect(body.document.accruals).toEqual([{ kind: 'daily-compensation', decision: 'act' }]);
  });
});

import type { Case } from '#case/case';
import { applyFinding, missClocks, outcomeOf } from '#case/life';
import { toCaseFile } from '#case/case-file';
import type { Finding, PaymentFacts } from '#detection/finding';
import { bothPayments, contextOf, factsOf, findingOf } from '#test/money/examples';

const context = contextOf();
const tell = (cases: readonly Case[], finding: Finding, payments: readonly PaymentFacts[] = bothPayments()): readonly Case[] => {
  const step = applyFinding(cases, finding, payments, context);
  return step === undefined ? cases : [...cases.filter(({ caseId }) => caseId !== step.case.caseId), step.case];
};
const cleared = (finding: Finding): Finding => ({ ...finding, status: 'cleared' });

describe("a case's life", () => {
  it('a certain finding opens a case at the time at which it became true', () => {
    const [opened] = tell([], findingOf());
    expect(toCaseFile(opened!)).toMatchObject({
      accountId: 'buyer-1',
      kinds: ['duplicate-charge'],
      findingIds: ['finding-1'],
      loss: [{ minor: 5_000, currency: 'EUR' }],
      status: 'open',
      stage: 'open',
      outcome: null,
      openedAt: '2026-06-01T10:00:00.000Z',
    });
  });

  it('the same finding told twice changes nothing', () => {
    const cases = tell([], findingOf());
    expect(applyFinding(cases, findingOf(), bothPayments(), context)).toBeUndefined();
  });

  it('a possible finding opens no case and joins none, until its confidence rises', () => {
    const possible = findingOf({ findingId: 'finding-2', kind: 'refund-overdue', confidence: 'possible' });
    expect(tell([], possible)).toEqual([]);
    const cases = tell([], findingOf());
    expect(tell(cases, possible)).toEqual(cases);
    const [joined] = tell(cases, { ...possible, confidence: 'likely' });
    expect(joined!.findings).toHaveLength(2);
  });

  it.each([
    ['a payment', findingOf({ findingId: 'f-2', orderId: 'order-9', paymentIds: ['pay-2'] })],
    ['the order', findingOf({ findingId: 'f-2', paymentIds: [] })],
    [
      'the order of its payment',
      { ...findingOf({ findingId: 'f-2', paymentIds: ['pay-3'] }), orderId: undefined } as unknown as Finding,
    ],
  ])('a finding that shares %s joins the case', (_what, second) => {
    const payments = [...bothPayments(), factsOf('pay-3', { orderId: 'order-1' })];
    expect(tell(tell([], findingOf()), second, payments)).toHaveLength(1);
  });

  it('findings on the same freeze join, whatever they name beside it', () => {
    const about = { paymentIds: [], orderId: 'order-x', because: { rule: 'r', fields: [], figures: { freezeId: 'freeze-1' } } };
    const { orderId: _orderId, ...freeze } = findingOf({ kind: 'frozen-funds', ...about });
    expect(tell(tell([], freeze, []), findingOf({ findingId: 'f-2', kind: 'buyer-complaint', ...about }), [])).toHaveLength(1);
  });

  it('a takeover and the impossible travel that it began with are one case; other findings do not join by an event', () => {
    const travel = findingOf({ kind: 'impossible-travel', paymentIds: [], loss: null, eventIds: ['home', 'away'] });
    const { orderId: _order, ...signs } = travel;
    const { orderId: _other, ...takeover } = findingOf({
      findingId: 'f-2',
      kind: 'account-takeover',
      paymentIds: ['pay-9'],
      eventIds: ['away', 'payout', 'big'],
    });
    expect(tell(tell([], signs, []), takeover, [])).toHaveLength(1);
    expect(tell(tell([], signs, []), { ...takeover, kind: 'buyer-complaint' }, [])).toHaveLength(2);
  });

  it('other money, or the same order id of another buyer, is another case', () => {
    const cases = tell([], findingOf());
    expect(tell(cases, findingOf({ findingId: 'f-2', orderId: 'order-2', paymentIds: ['pay-8'] }))).toHaveLength(2);
    expect(tell(cases, findingOf({ findingId: 'f-3', accountId: 'buyer-2' }))).toHaveLength(2);
  });

  it('a case whose findings are all cleared closes as healed and keeps its findings', () => {
    const second = findingOf({ findingId: 'f-2', kind: 'refund-overdue', paymentIds: ['pay-2'] });
    const open = tell(tell([], findingOf()), second);
    const [half] = tell(open, cleared(second));
    expect(half!.stage).toBe('open');
    const [healed] = tell([half!], cleared(findingOf()));
    expect(toCaseFile(healed!)).toMatchObject({
      status: 'closed',
      outcome: 'healed',
      loss: [],
      findingIds: ['finding-1', 'f-2'],
    });
    expect(healed!.clocks.every(({ state }) => state === 'met')).toBe(true);
  });

  it('a finding that opens again opens its case again, one that a person rejected does not', () => {
    const [healed] = tell(tell([], findingOf()), cleared(findingOf()));
    expect(tell([healed!], findingOf())[0]).toMatchObject({ stage: 'open', outcome: null });
    const rejected: Case = { ...healed!, outcome: 'rejected' };
    expect(tell([rejected], findingOf())[0]).toMatchObject({ stage: 'closed', outcome: 'rejected' });
  });

  it('money that came back by our own action made the buyer whole', () => {
    const [open] = tell([], findingOf());
    const action = { state: 'confirmed' } as Case['actions'][number];
    expect(outcomeOf({ ...open!, actions: [action] })).toBe('made_whole');
    expect(outcomeOf({ ...open!, actions: [{ ...action, state: 'refused' }] })).toBe('healed');
  });

  it('older facts of a payment change nothing', () => {
    const cases = tell([], findingOf(), bothPayments({ asOf: 2_000, refundedMinor: 10 }));
    expect(tell(cases, findingOf(), bothPayments({ asOf: 1_000 }))).toEqual(cases);
  });

  it('clocks count working days of the currency and are missed by silence alone', () => {
    const [open] = tell([], findingOf({ at: '2026-06-05T10:00:00.000Z' }));
    const acknowledge = open!.clocks.find(({ name }) => name === 'acknowledge')!;
    expect(new Date(acknowledge.dueAt).toISOString()).toBe('2026-06-10T10:00:00.000Z');
    expect(missClocks(open!, { ...context, now: acknowledge.dueAt })).toBeUndefined();
    const missed = missClocks(open!, { ...context, now: acknowledge.dueAt + 1 });
    expect(missed!.case.clocks.map(({ name, state }) => [name, state])).toContainEqual(['acknowledge', 'missed']);
    expect(missClocks(missed!.case, { ...context, now: acknowledge.dueAt + 2 })).toBeUndefined();
  });
});

import { stepFinding, type Step, type StepContext } from '#action/step';
import type { Case, CaseChange } from '#case/case';
import { lossOfCase } from '#case/loss';
import { type Mark, type Snooze, suppressionOf, type Suppressions } from '#case/suppression';
import type { Finding } from '#detection/finding';
import { dismissFindings } from '#apps/casework/api/person-steps';
import { bothPayments, contextOf, factsOf, findingOf } from '#test/money/examples';

const mark = (patch: Partial<Mark> = {}): Mark => {
  const { findingId, kind, accountId, paymentIds } = findingOf();
  return { findingId, kind, accountId, paymentIds, reason: 'two gifts', by: 'ines', at: 0, ...patch };
};
const snooze = (patch: Partial<Snooze> = {}): Snooze => ({
  ...{ snoozeId: 's-1', kind: 'duplicate-charge', accountId: findingOf().accountId!, reason: 'a known fault', by: 'ines' },
  until: Date.parse(findingOf().at) + 1,
  ...patch,
});

const why = (finding: Finding, suppressions: Partial<Suppressions>) =>
  suppressionOf(finding, { marks: [], snoozes: [], ...suppressions });

describe('a mark', () => {
  it('holds for the same payments, however sure the finding becomes, and for both kinds of duplicate', () => {
    for (const patch of [{}, { confidence: 'certain' as const }, { findingId: 'f-other', kind: 'paid-by-other-means' as const }])
      expect(why(findingOf(patch), { marks: [mark()] })).toMatchObject({ by: 'ines' });
  });

  it('holds neither for a further payment, nor for another buyer, nor for another loss on the same payments', () => {
    const { paymentIds } = findingOf();
    expect(why(findingOf({ paymentIds: [...paymentIds, 'pay-3'] }), { marks: [mark()] })).toBeUndefined();
    expect(why(findingOf({ accountId: 'someone' }), { marks: [mark()] })).toBeUndefined();
    expect(why(findingOf({ findingId: 'f-2', kind: 'refund-overdue' }), { marks: [mark()] })).toBeUndefined();
  });
});

describe('a snooze', () => {
  it('holds for its kind and buyer, or merchant, and for what becomes true before its end', () => {
    const finding = findingOf({ merchantId: 'shop' });
    const { accountId: _, ...anybody } = snooze();
    expect(why(finding, { snoozes: [snooze()] })).toMatchObject({ snoozeId: 's-1' });
    expect(why(finding, { snoozes: [{ ...anybody, merchantId: 'shop' }] })).toMatchObject({ snoozeId: 's-1' });
    expect(why(finding, { snoozes: [{ ...anybody, merchantId: 'other' }] })).toBeUndefined();
    expect(why(finding, { snoozes: [snooze({ kind: 'stuck-hold' })] })).toBeUndefined();
    expect(why(finding, { snoozes: [snooze({ accountId: 'someone' })] })).toBeUndefined();
    expect(why(finding, { snoozes: [snooze({ until: Date.parse(finding.at) })] })).toBeUndefined();
  });

  it('of a merchant holds for findings about the merchant itself', () => {
    const about = findingOf({ accountId: null, kind: 'merchant-anomaly', scope: { kind: 'merchant', key: 'shop' } });
    const { accountId: _, ...anybody } = snooze({ kind: 'merchant-anomaly' });
    expect(why(about, { snoozes: [{ ...anybody, merchantId: 'shop' }] })).toMatchObject({ snoozeId: 's-1' });
  });
});

describe('cases', () => {
  let cases: readonly Case[] = [];
  let orders: Step['orders'] = [];
  const context = (suppressions?: Suppressions): StepContext => ({ ...contextOf(), ...(suppressions && { suppressions }) });
  const keep = (changes: readonly CaseChange[]) => {
    const changed = new Map(changes.map((one) => [one.case.caseId, one.case]));
    cases = [...cases.filter(({ caseId }) => !changed.has(caseId)), ...changed.values()];
  };
  const tell = (finding: Finding, suppressions?: Suppressions) => {
    const payments = [...bothPayments(), factsOf('pay-3', { orderId: 'order-1' })];
    const step = stepFinding(cases, finding, payments, context(suppressions));
    keep(step.changes);
    orders = [...orders, ...step.orders];
  };
  const dismiss = () =>
    keep([
      dismissFindings(
        cases[0]!,
        { findings: cases[0]!.findings.slice(0, 1), how: 'not-a-duplicate', reason: 'two gifts', outcome: 'rejected' },
        { by: 'ines', context: contextOf() },
      ),
    ]);
  beforeEach(() => {
    cases = [];
    orders = [];
  });

  it('are not opened by what is marked or snoozed, and policy can snooze, too', () => {
    tell(findingOf(), { marks: [mark()], snoozes: [] });
    tell(findingOf(), { marks: [], snoozes: [snooze()] });
    expect([cases, orders]).toEqual([[], []]);
    const { policy } = contextOf();
    const step = stepFinding([], findingOf(), bothPayments(), { ...context(), policy: { ...policy, snoozes: [snooze()] } });
    expect(step).toEqual({ changes: [], orders: [] });
  });

  it('close as rejected when their only finding is marked, withdraw what was asked, and stay closed as it becomes certain', () => {
    tell(findingOf({ confidence: 'likely' }));
    dismiss();
    expect(cases[0]).toMatchObject({ stage: 'closed', outcome: 'rejected', actions: [{ state: 'refused' }] });
    tell(findingOf());
    tell(findingOf({ status: 'cleared' }));
    tell(findingOf());
    expect(cases).toHaveLength(1);
    expect(cases[0]).toMatchObject({ stage: 'closed', outcome: 'rejected' });
    expect(orders).toEqual([]);
  });

  it('stay open for what else is wrong, without the loss that was marked, and close when that is made good', () => {
    tell(findingOf({ confidence: 'likely' }));
    const other = findingOf({
      findingId: 'f-2',
      kind: 'undisclosed-fee',
      confidence: 'likely',
      loss: { minor: 300, currency: 'EUR' },
    });
    tell(other);
    dismiss();
    expect(cases[0]!.stage).not.toBe('closed');
    expect(lossOfCase(cases[0]!)).toEqual([{ minor: 300, currency: 'EUR' }]);
    tell(findingOf());
    expect(orders).toEqual([]);
    tell({ ...other, status: 'cleared' });
    expect(cases[0]!.stage).toBe('closed');
  });

  it('open again when a further payment joins the marked ones, and ask people what policy would have done alone', () => {
    tell(findingOf({ confidence: 'likely' }));
    dismiss();
    tell(findingOf({ paymentIds: [...findingOf().paymentIds, 'pay-3'], loss: { minor: 6_000, currency: 'EUR' } }));
    expect(cases[0]).toMatchObject({ stage: 'open', outcome: null });
    expect(orders).toEqual([]);
    expect(cases[0]!.actions.map(({ state }) => state)).toContain('awaiting_approval');
  });
});

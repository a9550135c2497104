import { createDetectors } from '#detection/detectors';
import { createPlan, type Assess } from '#detection/plan';
import { fullSettings } from '#test/laws/assess-all';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, eur, forOrder, placed, refund, told } from '#test/scenarios/told-events';

const plan = createPlan(fullSettings);
const detectors = Object.values(createDetectors(fullSettings)).map(({ name, subject }) => [name, subject] as const);
/** The subjects that were looked at. */
const looked = (look: (assess: Assess) => unknown): readonly string[] => {
  const ids: string[] = [];
  look((_detector, { id }) => ids.push(id));
  return ids;
};
const nothing = ledgerAfter();
const everything = ledgerAfter(
  placed('2026-06-01T10:00', eur(5_000)),
  captured('2026-06-01T10:01', 'pay-1', eur(5_000), forOrder),
  refund('requested', '2026-06-02T10:00', eur(5_000)),
  told('funds.frozen', '2026-06-03T09:00', { freezeId: 'freeze-1', amount: eur(100) }),
  told('fee.charged', '2026-06-03T10:00', { feeId: 'fee-1', kind: 'booking', amount: eur(400), ...forOrder }),
  told('payout.held', '2026-06-03T11:00', { payoutId: 'payout-1', merchantId: 'shop', amount: eur(100) }),
  told('wallet.balance_reported', '2026-06-03T12:00', { balance: eur(100) }),
  told('complaint.filed', '2026-06-03T13:00', { complaintId: 'complaint-1' }),
  told('statement.line', '2026-06-03T14:00', {
    ...{ lineId: 'line-1', bookedAt: '2026-06-03T00:00:00Z', amount: eur(100), direction: 'debit' },
  }),
);
const subjects: Readonly<Record<string, readonly string[]>> = {
  order: ['order-1'],
  payment: ['pay-1'],
  refund: everything.refunds.map(({ id }) => id),
  freeze: ['freeze-1'],
  account: ['account'],
  fee: ['fee-1'],
  payout: ['payout-1'],
  wallet: everything.side!.wallets.map(({ id }) => id),
  complaint: ['complaint-1'],
  line: ['line-1'],
  limit: ['day/EUR', 'payment/EUR/card-1', 'month/EUR/card-1'],
};

describe.each(detectors)('%s, which looks at each %s', (name, subject) => {
  it('looks at all that the account has, and at nothing of an account that has none', () => {
    expect(looked((assess) => plan.rerunAll(name, everything, assess)).toSorted()).toEqual([...subjects[subject]!].sort());
    expect(looked((assess) => plan.rerunAll(name, nothing, assess))).toEqual(subject === 'account' ? ['account'] : []);
  });

  it('looks at the one whose deadline has come, and says where it was forgotten', () => {
    for (const id of subjects[subject]!) {
      expect(looked((assess) => expect(plan.rerun(name, id, everything, assess)).toBe(true))).toEqual([id]);
      if (subject === 'account') continue;
      expect(looked((assess) => expect(plan.rerun(name, id, nothing, assess)).toBe(false))).toEqual([]);
      expect(looked((assess) => expect(plan.rerun(name, `${id}?`, everything, assess)).toBe(false))).toEqual([]);
    }
  });
});

it('a detector that there is no longer is forgotten with its deadlines', () => {
  expect(looked((assess) => expect(plan.rerun('gone', 'pay-1', everything, assess)).toBe(false))).toEqual([]);
  expect(looked((assess) => plan.rerunAll('gone', everything, assess))).toEqual([]);
});

it('what rests on coverage is each refund', () => {
  expect(looked((assess) => plan.runCovered(everything, assess))).toEqual(subjects['refund']);
});

import type { ActionResult } from '#action/action';
import type { ProviderEffect } from '#simulator/provider-record';
import { reconcile } from '#apps/makewhole/demo/reconcile';

const amount = { minor: 1250, currency: 'EUR' };
const confirmed: ActionResult = {
  actionId: 'a-1',
  key: 'k-1',
  caseId: 'c-1',
  accountId: 'buyer-1',
  kind: 'refund',
  state: 'confirmed',
  amount,
  at: '2026-11-20T12:00:00Z',
};
const effect: ProviderEffect = {
  at: '2026-11-20T12:00:00Z',
  key: 'k-1',
  actionId: 'a-1',
  kind: 'refund',
  caseNumber: 'MW-1',
  accountId: 'buyer-1',
  amount,
  reference: 'sim-1',
  timesForKey: 1,
};

describe("our record against the provider's", () => {
  it('the same actions with the same amounts agree', () => {
    const result = reconcile([confirmed, { ...confirmed, key: 'k-2', state: 'refused' }], [effect]);
    expect(result.disagreements).toEqual([]);
    expect([...result.ours]).toEqual([['EUR', 1250]]);
    expect([...result.provider]).toEqual([['EUR', 1250]]);
  });

  it.each([
    ['paid twice under one key', [confirmed], [effect, { ...effect, timesForKey: 2 }]],
    ['paid and not known to us', [{ ...confirmed, state: 'unknown' as const }], [effect]],
    ['confirmed to nobody', [confirmed], []],
    ['a minor unit apart', [confirmed], [{ ...effect, amount: { minor: 1249, currency: 'EUR' } }]],
  ])('%s is a disagreement', (_what, results, effects) => {
    expect(reconcile(results, effects).disagreements).toHaveLength(1);
  });
});

import type { Finding } from '#detection/finding';
import type { Planted } from '#simulator/ground-truth';
import { comparePlanted } from '#apps/makewhole/demo/compare';

const planted = (patch: Partial<Planted> = {}): Planted => ({
  kind: 'duplicate-charge',
  story: 'double click',
  accountId: 'buyer-1',
  paymentIds: ['pay-1', 'pay-2'],
  loss: { minor: 1250, currency: 'EUR' },
  dueAt: 100,
  ...patch,
});
const finding = (patch: Partial<Finding> = {}): Finding => ({
  findingId: 'f-1',
  kind: 'duplicate-charge',
  confidence: 'certain',
  status: 'open',
  at: '2026-11-20T12:00:00Z',
  accountId: 'buyer-1',
  paymentIds: ['pay-1', 'pay-2'],
  loss: { minor: 1250, currency: 'EUR' },
  because: { rule: 'r', fields: [], figures: {} },
  eventIds: [],
  ...patch,
});

describe('planted against found', () => {
  it('a finding of the kind about a payment of the loss has found it', () => {
    const result = comparePlanted([planted()], [finding({ paymentIds: ['pay-2'] })], 100);
    expect(result.kinds.find(({ kind }) => kind === 'duplicate-charge')).toMatchObject({ planted: 1, found: 1 });
    expect(result).toMatchObject({ missed: [], falseAlarms: [], lossDiffers: [] });
  });

  it.each([
    ['another kind', { kind: 'stuck-hold' } as const],
    ['another buyer', { accountId: 'buyer-2' }],
    ['another payment', { paymentIds: ['pay-9'] }],
  ])('a finding of %s has not, and is a false alarm', (_what, patch) => {
    const result = comparePlanted([planted()], [finding(patch)], 100);
    expect(result.missed).toEqual([planted()]);
    expect(result.falseAlarms).toHaveLength(1);
  });

  it('what was not due yet is neither missed nor a false alarm', () => {
    expect(comparePlanted([planted({ dueAt: 101 })], [finding()], 100)).toMatchObject({ missed: [], falseAlarms: [] });
  });

  it('a possible finding beside the planted ones is no alarm', () => {
    expect(comparePlanted([], [finding({ confidence: 'possible' })], 100).falseAlarms).toEqual([]);
  });

  it('another loss than planted is told', () => {
    const result = comparePlanted([planted()], [finding({ loss: { minor: 1249, currency: 'EUR' } })], 100);
    expect(result.lossDiffers).toHaveLength(1);
  });
});

import fc from 'fast-check';
import { lossOf } from '#case/loss';
import type { Finding } from '#detection/finding';
import { findingOf } from '#test/money/examples';

const eur = (minor: number) => ({ minor, currency: 'EUR' });

describe('the loss of a case', () => {
  it('a duplicate and the overdue refund of it are the same money', () => {
    const overdue = findingOf({ findingId: 'f-2', kind: 'refund-overdue', paymentIds: ['pay-2'] });
    expect(lossOf([findingOf(), overdue])).toEqual([eur(5_000)]);
  });

  it('two refunds of one payment, each short, are two losses', () => {
    const short = (findingId: string, minor: number): Finding =>
      findingOf({ findingId, kind: 'refund-amount-wrong', paymentIds: ['pay-1'], loss: eur(minor) });
    expect(lossOf([short('f-1', 150), short('f-2', 200)])).toEqual([eur(350)]);
  });

  describe('with two findings about one refund', () => {
    const about = (kind: Finding['kind'], minor: number, figures: object = {}, refundId = 'refund-1'): Finding =>
      findingOf({
        ...{ findingId: `${kind}-${refundId}`, kind, paymentIds: ['pay-1'], loss: eur(minor) },
        because: { rule: '', fields: [], figures: { refundId, ...figures } },
      });
    const short = (refundId?: string) => about('refund-amount-wrong', 500, { expectedMinor: 1_500 }, refundId);

    it.each(['refund-overdue', 'refund-wrong-instrument'] as const)(
      'is both parts where it came short, and %s of the rest',
      (kind) => {
        expect(lossOf([short(), about(kind, 1_000)])).toEqual([eur(1_500)]);
        expect(lossOf([about(kind, 1_000), short()])).toEqual([eur(1_500)]);
      },
    );

    it('is what was paid once, however many things are wrong with it', () => {
      const [late, astray] = [about('refund-overdue', 1_000), about('refund-wrong-instrument', 1_000)];
      expect(lossOf([late, astray])).toEqual([eur(1_000)]);
      expect(lossOf([late, astray, short()])).toEqual([eur(1_500)]);
    });

    it('is never more than was promised, and the larger where no promise is known', () => {
      const none = about('refund-amount-wrong', 1_500, { expectedMinor: 1_500 });
      expect(lossOf([none, about('refund-overdue', 1_500)])).toEqual([eur(1_500)]);
      expect(lossOf([about('refund-amount-wrong', 500), about('refund-overdue', 1_000)])).toEqual([eur(1_000)]);
    });

    it('of two refunds is that of both; one that is late may be what makes the short one good', () => {
      const late = (refundId: string, minor = 1_000) => about('refund-overdue', minor, {}, refundId);
      expect(lossOf([short('r-1'), late('r-1'), short('r-2'), late('r-2')])).toEqual([eur(3_000)]);
      expect(lossOf([short('r-1'), late('r-2', 500)])).toEqual([eur(500)]);
    });

    it('beside a view of the same money is the larger', () => {
      const duplicate = findingOf({ kind: 'duplicate-charge', paymentIds: ['pay-1', 'pay-2'], loss: eur(1_400) });
      expect(lossOf([short(), about('refund-overdue', 1_000), duplicate])).toEqual([eur(1_500)]);
    });
  });

  it('limits of several sorts that one payment exceeds are views of the same money; of one sort they add up', () => {
    const limit = (findingId: string, rule: string, paymentIds: readonly string[], minor: number): Finding =>
      findingOf({
        findingId,
        kind: 'limit-exceeded',
        paymentIds,
        loss: eur(minor),
        because: { rule, fields: [], figures: {} },
      });
    const day = limit('f-1', 'limit-per-day', ['pay-1', 'pay-2'], 1_200);
    expect(lossOf([day, limit('f-2', 'limit-per-payment', ['pay-1'], 1_000)])).toEqual([eur(1_200)]);
    const both = [limit('f-2', 'limit-per-payment', ['pay-1'], 1_000), limit('f-3', 'limit-per-payment', ['pay-2'], 500)];
    expect(lossOf([day, ...both])).toEqual([eur(1_500)]);
  });

  it('two payments of one order lose separately; what names only the order overlaps with both', () => {
    const hold = findingOf({ findingId: 'f-1', kind: 'stuck-hold', paymentIds: ['pay-1'], loss: eur(3_000) });
    const fee = findingOf({ findingId: 'f-2', kind: 'undisclosed-fee', paymentIds: ['pay-2'], loss: eur(500) });
    const notDelivered = findingOf({ findingId: 'f-3', kind: 'not-delivered', paymentIds: [], loss: eur(4_000) });
    expect(lossOf([hold, fee])).toEqual([eur(3_500)]);
    expect(lossOf([hold, fee, notDelivered])).toEqual([eur(4_000)]);
  });

  it('currencies stand apart; cleared, possible and sumless findings do not count', () => {
    const yen = findingOf({ findingId: 'f-2', orderId: 'order-2', paymentIds: ['pay-9'], loss: { minor: 700, currency: 'JPY' } });
    const others = [
      findingOf({ findingId: 'f-3', status: 'cleared', paymentIds: ['pay-5'] }),
      findingOf({ findingId: 'f-4', confidence: 'possible', paymentIds: ['pay-6'] }),
      findingOf({ findingId: 'f-5', loss: null, paymentIds: ['pay-7'] }),
    ];
    expect(lossOf([findingOf(), yen, ...others])).toEqual([eur(5_000), { minor: 700, currency: 'JPY' }]);
  });

  const anyFinding = fc
    .record({
      paymentIds: fc.uniqueArray(fc.constantFrom('pay-1', 'pay-2', 'pay-3'), { maxLength: 3 }),
      kind: fc.constantFrom('duplicate-charge' as const, 'refund-overdue' as const, 'not-delivered' as const),
      minor: fc.integer({ min: 0, max: 10_000 }),
    })
    .map(({ minor, ...rest }) => findingOf({ ...rest, loss: eur(minor) }));
  const numbered = fc
    .array(anyFinding, { maxLength: 8 })
    .map((findings) => findings.map((one, index) => ({ ...one, findingId: `f-${index}` })));

  it('is the same in any order, at least the largest loss and at most their sum', () => {
    fc.assert(
      fc.property(numbered, (findings) => {
        const total = lossOf(findings)[0]?.minor ?? 0;
        const losses = findings.map(({ loss }) => loss!.minor);
        expect(lossOf([...findings].reverse())).toEqual(lossOf(findings));
        expect(total).toBeGreaterThanOrEqual(Math.max(0, ...losses));
        expect(total).toBeLessThanOrEqual(losses.reduce((sum, minor) => sum + minor, 0));
      }),
    );
  });
});

import { saysOf } from '#test/scenarios/says';
import { captured, eur, forOrder, placed, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const bought = [
  placed('2026-05-01T10:00', eur(9000), { deliverBy: '2026-05-10T10:00:00Z' }),
  captured('2026-05-01T10:01', 'pay-1', eur(9000), forOrder),
];
const step = (name: string, time: string, trackingId?: string) =>
  told(`delivery.${name}`, `2026-05-${time}T10:00`, { ...forOrder, ...(trackingId !== undefined && { trackingId }) });
const [sentA, sentB] = [step('shipped', '02', 'a'), step('shipped', '03', 'b')];
const cameA = step('delivered', '04', 'a');
const lost = (...events: readonly ToldEvent[]) => saysOf('not-delivered', [...bought, ...events]);
const last = (...events: readonly ToldEvent[]) => lost(...events).at(-1);

describe('a parcel that did not come though another did', () => {
  it('asks a person on the promised day, the sum being unknown', () => {
    expect(lost(sentA, sentB, cameA)).toMatchObject([
      {
        confidence: 'likely',
        status: 'open',
        at: '2026-05-10T10:00:00.000Z',
        orderId: 'order-1',
        paymentIds: ['pay-1'],
        loss: null,
        because: { rule: 'parcel-not-delivered', figures: { shippedAt: '2026-05-03T10:00:00.000Z' } },
      },
    ]);
  });

  it('whatever was told first', () => {
    expect(lost(cameA, sentB, sentA)).toMatchObject([
      { status: 'open', because: { figures: { shippedAt: '2026-05-03T10:00:00.000Z' } } },
    ]);
  });

  it('may take ten days where it is sent after the promised one', () => {
    const late = step('shipped', '12', 'b');
    expect(lost(sentA, cameA, late)).toMatchObject([{ at: '2026-05-22T10:00:00.000Z' }]);
    expect(lost(sentA, cameA, late, step('delivered', '22', 'b'))).toEqual([]);
  });

  it('is missed from the first late delivery on: until then nothing of the order had come', () => {
    const late = step('delivered', '12', 'a');
    expect(lost(sentA, sentB, late)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ confidence: 'certain', status: 'cleared', loss: eur(9000) }),
        expect.objectContaining({ confidence: 'likely', status: 'open', at: '2026-05-12T10:00:00.000Z' }),
      ]),
    );
  });

  it.each([
    ['came in time', [step('delivered', '09', 'b')]],
    ['went back', [step('returned', '09', 'b')]],
    ['came with all that was sent before, of no name', [step('delivered', '09')]],
    ['came under the number of another carrier', [step('delivered', '09', 'c')]],
    ['was paid back, if only in part', [refund('succeeded', '2026-05-09T10:00', eur(2000))]],
    [
      'was cancelled',
      [told('order.cancelled', '2026-05-09T10:00', forOrder), refund('succeeded', '2026-05-09T10:00', eur(2000))],
    ],
  ])('is none when it %s', (_what, events) => {
    expect(lost(sentA, sentB, cameA, ...events)).toEqual([]);
  });

  it('is cleared by what came late', () => {
    expect(last(sentA, sentB, cameA, step('delivered', '15', 'b'))).toMatchObject({ status: 'cleared' });
    expect(last(sentA, sentB, cameA, refund('succeeded', '2026-05-15T10:00', eur(2000)))).toMatchObject({ status: 'cleared' });
  });

  it('is not seen where the feed names no parcel, or the order was never paid', () => {
    expect(lost(step('shipped', '02'), step('shipped', '03'), step('delivered', '04'))).toEqual([]);
    expect(saysOf('not-delivered', [bought[0]!, sentA, sentB, cameA])).toEqual([]);
  });
});

describe('an order of several parcels of which none came', () => {
  it('is not delivered as a whole', () => {
    expect(lost(sentA, sentB)).toMatchObject([{ confidence: 'certain', loss: eur(9000), at: '2026-05-10T10:00:00.000Z' }]);
    expect(lost(sentA, sentB, step('returned', '05', 'a'))).toMatchObject([{ confidence: 'certain', loss: eur(9000) }]);
  });
});

import { NEVER } from '#kernel/time';
import { PARCELS_MAX, withStep, type Parcel } from '#ledger/parcel';

const parcel = (mark: number, shippedAt: number): Parcel => ({ mark, shippedAt, deliveredAt: NEVER, returnedAt: NEVER });

describe('the parcels of an order', () => {
  it('keep of each step the first time, whichever was told first', () => {
    const late = withStep(withStep(null, 7, 'shippedAt', 20), 7, 'shippedAt', 10);
    expect(late).toEqual([parcel(7, 10)]);
    expect(withStep(late, 7, 'shippedAt', 20)).toBe(late);
  });

  it('are bounded, and the same ones in every order of telling', () => {
    const marks = Array.from({ length: PARCELS_MAX + 5 }, (_, at) => (at * 37) % 101);
    const tell = (order: readonly number[]) =>
      order.reduce<readonly Parcel[] | null>((parcels, mark) => withStep(parcels, mark, 'shippedAt', mark), null);
    expect(tell(marks)).toHaveLength(PARCELS_MAX);
    expect(tell(marks.toReversed())).toEqual(tell(marks));
  });
});

import { newOrder, NO_COURSE, type Fee, type Order, type OrderCourse } from '#ledger/order';
import { at, number, row, rows, since, text, type Cell, type Packer, type Unpacker } from '#ledger/packing';
import type { Parcel } from '#ledger/parcel';

export function packOrder(order: Order, packer: Packer): readonly Cell[] {
  const { lastAt: base } = order;
  return row([
    packer.word(order.id),
    packer.time(base),
    packer.word(order.merchantId),
    order.total === null ? 0 : order.total.minor + 1,
    order.total === null ? 0 : packer.word(order.total.currency),
    since(base, order.placedAt),
    order.placedEventId,
    since(base, order.confirmedAt),
    order.course === NO_COURSE ? 0 : packCourse(order.course, base),
    since(base, order.deliverBy),
    order.isGiftCard ? 1 : 0,
    order.fees === null
      ? 0
      : order.fees.map(({ kind, amount }) => [packer.word(kind), amount.minor, packer.word(amount.currency)]),
  ]);
}

export function unpackOrder(cells: readonly Cell[], unpacker: Unpacker): Order {
  const order = newOrder(unpacker.word(cells[0]));
  const base = unpacker.time(cells[1]);
  order.lastAt = base;
  order.merchantId = unpacker.word(cells[2]);
  if (number(cells[3]) > 0) order.total = { minor: number(cells[3]) - 1, currency: unpacker.word(cells[4]) };
  order.placedAt = at(base, cells[5]);
  order.placedEventId = text(cells[6]);
  order.confirmedAt = at(base, cells[7]);
  if (cells[8] !== undefined && cells[8] !== 0) order.course = unpackCourse(cells[8] as readonly Cell[], base);
  order.deliverBy = at(base, cells[9]);
  order.isGiftCard = number(cells[10]) === 1;
  const fees = rows(cells[11]).map((fee): Fee => ({
    kind: unpacker.word(fee[0]),
    amount: { minor: number(fee[1]), currency: unpacker.word(fee[2]) },
  }));
  if (fees.length > 0) order.fees = fees;
  return order;
}

const packCourse = (course: OrderCourse, base: number): readonly Cell[] =>
  row([
    since(base, course.deliveredAt),
    since(base, course.shippedAt),
    since(base, course.cancelledAt),
    course.cancelledEventId,
    since(base, course.returnedAt),
    course.returnedEventId,
    ...(course.parcels ?? []).map(({ mark, shippedAt, deliveredAt, returnedAt }) =>
      row([mark, since(base, shippedAt), since(base, deliveredAt), since(base, returnedAt)]),
    ),
  ]);

const unpackCourse = (cells: readonly Cell[], base: number): OrderCourse => ({
  cancelledAt: at(base, cells[2]),
  cancelledEventId: text(cells[3]),
  shippedAt: at(base, cells[1]),
  deliveredAt: at(base, cells[0]),
  returnedAt: at(base, cells[4]),
  returnedEventId: text(cells[5]),
  parcels: cells.length > 6 ? cells.slice(6).map((cell) => unpackParcel(cell as readonly Cell[], base)) : null,
});

const unpackParcel = (cells: readonly Cell[], base: number): Parcel => ({
  mark: number(cells[0]),
  shippedAt: at(base, cells[1]),
  deliveredAt: at(base, cells[2]),
  returnedAt: at(base, cells[3]),
});

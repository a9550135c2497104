import type { Fee, Order } from '#ledger/order';
import { newOrder } from '#ledger/order';
import { at, number, row, rows, since, text, type Cell, type Packer, type Unpacker } from '#ledger/packing';

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
    since(base, order.shippedAt),
    since(base, order.deliveredAt),
    since(base, order.cancelledAt),
    order.cancelledEventId,
    since(base, order.deliverBy),
    since(base, order.returnedAt),
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
  order.shippedAt = at(base, cells[8]);
  order.deliveredAt = at(base, cells[9]);
  order.cancelledAt = at(base, cells[10]);
  order.cancelledEventId = text(cells[11]);
  order.deliverBy = at(base, cells[12]);
  order.returnedAt = at(base, cells[13]);
  order.isGiftCard = number(cells[14]) === 1;
  const fees = rows(cells[15]).map((fee): Fee => ({
    kind: unpacker.word(fee[0]),
    amount: { minor: number(fee[1]), currency: unpacker.word(fee[2]) },
  }));
  if (fees.length > 0) order.fees = fees;
  return order;
}

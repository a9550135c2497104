import { NEVER } from '#kernel/time';
import { newFreeze, type Freeze } from '#ledger/freeze';
import { at, number, row, rows, since, text, type Cell, type Packer, type Unpacker } from '#ledger/packing';
import { newRefund, refundSteps, type Refund, type RefundStep } from '#ledger/refund';

export function packRefund(refund: Refund, packer: Packer): readonly Cell[] {
  return row([
    refund.id,
    packer.word(refund.paymentId),
    packer.time(refund.lastAt),
    refund.steps.map((step) => packStep(step, refund.lastAt, packer)),
  ]);
}

export function unpackRefund(cells: readonly Cell[], unpacker: Unpacker): Refund {
  const refund = newRefund(text(cells[0]), unpacker.word(cells[1]));
  refund.lastAt = unpacker.time(cells[2], -NEVER);
  for (const step of rows(cells[3])) refund.steps.push(unpackStep(step, refund.lastAt, unpacker));
  return refund;
}

const packStep = (step: RefundStep, base: number, packer: Packer): readonly Cell[] =>
  row([
    refundSteps.indexOf(step.step),
    since(base, step.at),
    step.minor,
    packer.word(step.currency),
    step.eventId,
    packer.instrument(step.instrument),
    step.exchange === null ? 0 : [step.exchange.from.minor, packer.word(step.exchange.from.currency), step.exchange.rate],
  ]);

function unpackStep(cells: readonly Cell[], base: number, unpacker: Unpacker): RefundStep {
  const exchange = (cells[6] ?? 0) as 0 | readonly [number, number, number];
  return {
    step: refundSteps[number(cells[0])] ?? 'requested',
    at: at(base, cells[1]),
    minor: number(cells[2]),
    currency: unpacker.word(cells[3]),
    eventId: text(cells[4]),
    instrument: unpacker.instrument(cells[5]),
    exchange: exchange === 0 ? null : { from: { minor: exchange[0], currency: unpacker.word(exchange[1]) }, rate: exchange[2] },
  };
}

export const packFreeze = (freeze: Freeze, packer: Packer): readonly Cell[] =>
  row([
    freeze.id,
    packer.time(freeze.lastAt),
    freeze.amount === null ? 0 : freeze.amount.minor + 1,
    freeze.amount === null ? 0 : packer.word(freeze.amount.currency),
    packer.time(freeze.frozenAt),
    freeze.frozenEventId,
    packer.time(freeze.until),
    packer.time(freeze.renewedAt),
    freeze.releases.map((release) => [packer.time(release.at), release.minor]),
    freeze.renewedEventId,
    packer.time(freeze.amountAt),
  ]);

export function unpackFreeze(cells: readonly Cell[], unpacker: Unpacker): Freeze {
  const freeze = newFreeze(text(cells[0]));
  freeze.lastAt = unpacker.time(cells[1], -NEVER);
  if (number(cells[2]) > 0) freeze.amount = { minor: number(cells[2]) - 1, currency: unpacker.word(cells[3]) };
  freeze.frozenAt = unpacker.time(cells[4]);
  freeze.frozenEventId = text(cells[5]);
  freeze.until = unpacker.time(cells[6]);
  freeze.renewedAt = unpacker.time(cells[7], -NEVER);
  freeze.renewedEventId = text(cells[9]);
  freeze.amountAt = unpacker.time(cells[10], -NEVER);
  freeze.releases = rows(cells[8]).map((release) => ({ at: unpacker.time(release[0]), minor: number(release[1]) }));
  return freeze;
}

import { NEVER } from '#kernel/time';
import { at, number, row, rows, since, text, type Cell, type Packer, type Unpacker } from '#ledger/packing';
import { newPayment, NO_ENDS, type Capture, type Chargeback, type Payment, type PaymentEnds } from '#ledger/payment';

const MERCHANT_INITIATED = 1;
const IN_PERSON = 2;

/** A payment as a row: times count from its own newest event. */
export function packPayment(payment: Payment, packer: Packer): readonly Cell[] {
  const { lastAt: base } = payment;
  return row([
    payment.id,
    packer.time(base),
    packer.word(payment.orderId),
    packer.word(payment.merchantId),
    packer.word(payment.currency),
    packer.word(payment.provider),
    packer.instrument(payment.instrument),
    payment.captures.length === 0 ? 0 : payment.captures.map((capture) => packCapture(capture, base)),
    since(base, payment.startedAt),
    payment.startedMinor,
    payment.idempotencyKey,
    payment.startedEventId,
    since(base, payment.describedAt),
    since(base, payment.authorisedAt),
    payment.authorisedMinor === payment.startedMinor ? 0 : payment.authorisedMinor + 1,
    payment.authorisedEventId === payment.startedEventId ? 0 : payment.authorisedEventId,
    (payment.isMerchantInitiated ? MERCHANT_INITIATED : 0) + (payment.isInPerson ? IN_PERSON : 0),
    since(base, payment.captureBefore),
    packer.word(payment.mcc),
    payment.ends === NO_ENDS ? 0 : packEnds(payment.ends, base),
    payment.toldFacts,
    payment.subscription === null ? 0 : [payment.subscription.id, payment.subscription.period],
    payment.lineIds ?? 0,
    payment.chargebacks === null ? 0 : payment.chargebacks.map((chargeback) => packChargeback(chargeback, base)),
  ]);
}

export function unpackPayment(cells: readonly Cell[], unpacker: Unpacker): Payment {
  const payment = newPayment(cells[0] as string);
  const base = unpacker.time(cells[1]);
  payment.lastAt = base;
  payment.orderId = unpacker.word(cells[2]);
  payment.merchantId = unpacker.word(cells[3]);
  payment.currency = unpacker.word(cells[4]);
  payment.provider = unpacker.word(cells[5]);
  payment.instrument = unpacker.instrument(cells[6]);
  payment.captures = rows(cells[7]).map((capture) => unpackCapture(capture, base));
  payment.startedAt = at(base, cells[8]);
  payment.startedMinor = number(cells[9]);
  payment.idempotencyKey = text(cells[10]);
  payment.startedEventId = text(cells[11]);
  payment.describedAt = at(base, cells[12], -NEVER);
  payment.authorisedAt = at(base, cells[13]);
  if (payment.authorisedAt !== NEVER) {
    payment.authorisedMinor = number(cells[14]) === 0 ? payment.startedMinor : number(cells[14]) - 1;
    payment.authorisedEventId = text(cells[15]) === '' ? payment.startedEventId : text(cells[15]);
  }
  const flags = number(cells[16]);
  payment.isMerchantInitiated = (flags & MERCHANT_INITIATED) !== 0;
  payment.isInPerson = (flags & IN_PERSON) !== 0;
  payment.captureBefore = at(base, cells[17]);
  payment.mcc = unpacker.word(cells[18]);
  if (cells[19] !== undefined && cells[19] !== 0) payment.ends = unpackEnds(cells[19] as readonly Cell[], base);
  payment.toldFacts = text(cells[20]);
  const [subscriptionId, period] = (cells[21] || []) as readonly string[];
  if (subscriptionId !== undefined && period !== undefined) payment.subscription = { id: subscriptionId, period };
  if (cells[22] !== undefined && cells[22] !== 0) payment.lineIds = cells[22] as readonly string[];
  if (cells[23] !== undefined) payment.chargebacks = rows(cells[23]).map((chargeback) => unpackChargeback(chargeback, base));
  return payment;
}

const packEnds = (ends: PaymentEnds, base: number): readonly Cell[] =>
  row([
    since(base, ends.settledAt),
    since(base, ends.failedAt),
    since(base, ends.expiredAt),
    since(base, ends.voidedAt),
    ends.voidedMinor + 1,
    since(base, ends.replacedAt),
    since(base, ends.releasedAgainAt),
  ]);

const unpackEnds = (cells: readonly Cell[], base: number): PaymentEnds => ({
  failedAt: at(base, cells[1]),
  voidedAt: at(base, cells[3]),
  voidedMinor: number(cells[4]) - 1,
  expiredAt: at(base, cells[2]),
  settledAt: at(base, cells[0]),
  replacedAt: at(base, cells[5]),
  releasedAgainAt: at(base, cells[6]),
});

const packCapture = ({ id, minor, at: time, eventId, lineIds }: Capture, base: number): readonly Cell[] =>
  row([minor, since(base, time), eventId, id, lineIds ?? 0]);

const unpackCapture = (cells: readonly Cell[], base: number): Capture => ({
  minor: number(cells[0]),
  at: at(base, cells[1]),
  eventId: text(cells[2]),
  id: text(cells[3]),
  lineIds: cells[4] === undefined ? null : (cells[4] as readonly string[]),
});

const outcomes = [null, 'buyer', 'merchant'] as const;

const packChargeback = (chargeback: Chargeback, base: number): readonly Cell[] =>
  row([
    chargeback.id,
    chargeback.eventId,
    since(base, chargeback.openedAt),
    chargeback.minor,
    since(base, chargeback.closedAt),
    outcomes.indexOf(chargeback.outcome),
  ]);

const unpackChargeback = (cells: readonly Cell[], base: number): Chargeback => ({
  id: text(cells[0]),
  eventId: text(cells[1]),
  openedAt: at(base, cells[2]),
  minor: number(cells[3]),
  closedAt: at(base, cells[4]),
  outcome: outcomes[number(cells[5])] ?? null,
});

import type { EventOf } from '#event/event';
import { NEVER, parseInstant } from '#kernel/time';
import { newFreeze, type Freeze } from '#ledger/freeze';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import { addStep, newRefund, type RefundStepName } from '#ledger/refund';
import { touchPayment } from '#ledger/fold-payment';
import { withItem } from '#ledger/short-list';

type RefundEvent = {
  [Step in RefundStepName]: EventOf<`refund.${Step}`>;
}[RefundStepName];

export function foldRefund(ledger: Ledger, event: RefundEvent, touched: Touched): void {
  const { data } = event;
  touchPayment(ledger, data.paymentId, event.at, touched);
  let refund = findById(ledger.refunds, data.refundId);
  if (refund === undefined) {
    refund = newRefund(data.refundId, data.paymentId);
    ledger.refunds = withItem(ledger.refunds, refund);
  }
  if (event.at > refund.lastAt) refund.lastAt = event.at;
  addStep(refund, {
    step: event.type.slice('refund.'.length) as RefundStepName,
    at: event.at,
    minor: data.amount.minor,
    currency: data.amount.currency,
    eventId: event.id,
    exchange: data.exchange ?? null,
    instrument: data.instrument ?? null,
  });
  touched.refund = refund;
}

export function foldFreeze(ledger: Ledger, event: EventOf<'funds.frozen'> | EventOf<'funds.unfrozen'>, touched: Touched): void {
  const { data } = event;
  let freeze = findById(ledger.freezes, data.freezeId);
  if (freeze === undefined) {
    freeze = newFreeze(data.freezeId);
    ledger.freezes.push(freeze);
  }
  touched.freeze = freeze;
  if (event.at > freeze.lastAt) freeze.lastAt = event.at;
  if (event.type === 'funds.unfrozen') {
    const minor = data.amount?.minor ?? -1;
    if (freeze.releases.some((release) => release.at === event.at && release.minor === minor)) return;
    freeze.releases.push({ at: event.at, minor });
    freeze.releases.sort((left, right) => left.at - right.at || left.minor - right.minor);
    return;
  }
  if (event.at < freeze.frozenAt || (event.at === freeze.frozenAt && event.id < freeze.frozenEventId)) {
    freeze.frozenAt = event.at;
    freeze.frozenEventId = event.id;
  }
  const isNewest = event.at > freeze.renewedAt || (event.at === freeze.renewedAt && event.id > freeze.renewedEventId);
  if (isNewest) {
    freeze.renewedAt = event.at;
    freeze.renewedEventId = event.id;
    freeze.until = data.until === undefined ? NEVER : (parseInstant(data.until) ?? NEVER);
  }
  if (data.amount !== undefined && isNewerAmount(freeze, event.at, data.amount.minor)) {
    freeze.amount = data.amount;
    freeze.amountAt = event.at;
  }
}

const isNewerAmount = ({ amount, amountAt }: Freeze, at: number, minor: number): boolean =>
  amount === null || at > amountAt || (at === amountAt && minor > amount.minor);

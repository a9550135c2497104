import type { EventOf } from '#event/event';
import { NEVER, parseInstant } from '#kernel/time';
import { findById, type Ledger, type Touched } from '#ledger/ledger';
import { insertByTime } from '#ledger/profile';
import { noSideFacts, SIDE_MAX, type Payout, type SideFacts, type Wallet, type WalletEntry } from '#ledger/side-facts';

export type SideEvent =
  | EventOf<'account.limit_set'>
  | EventOf<'payout.held'>
  | EventOf<'payout.released'>
  | EventOf<'payout.paid'>
  | EventOf<'wallet.credited'>
  | EventOf<'wallet.debited'>
  | EventOf<'wallet.balance_reported'>
  | EventOf<'fee.charged'>
  | EventOf<'statement.line'>
  | EventOf<'complaint.filed'>;

/** Facts that few accounts have. What has an id of its own and was told before is not told again. */
export function foldSide(ledger: Ledger, event: SideEvent, touched: Touched): void {
  const side = (ledger.side ??= noSideFacts());
  touched.sideKey = foldInto(side, event);
}

/** Answers the key of what the event is about. */
function foldInto(side: SideFacts, event: SideEvent): string {
  switch (event.type) {
    case 'fee.charged':
      return foldFee(side, event);
    case 'payout.held':
    case 'payout.released':
    case 'payout.paid':
      return foldPayout(side, event);
    case 'statement.line':
      return foldLine(side, event);
    case 'wallet.credited':
    case 'wallet.debited':
    case 'wallet.balance_reported':
      return foldWallet(side, event);
    case 'complaint.filed': {
      const { complaintId, about = '', orderId = '', paymentId = '' } = event.data;
      addOnce(side.complaints, { id: complaintId, at: event.at, about, orderId, paymentId, eventId: event.id });
      return complaintId;
    }
    case 'account.limit_set': {
      const { per, limit } = event.data;
      const id = `${per}/${limit.currency}`;
      insertByTime(side.limits, { id, per, limit, at: event.at, eventId: event.id }, SIDE_MAX);
      return id;
    }
  }
}

function foldFee(side: SideFacts, { at, id: eventId, data }: EventOf<'fee.charged'>): string {
  const { feeId: id, kind, amount, orderId = '', paymentId = '', disclosed = null } = data;
  addOnce(side.fees, { id, kind, amount, orderId, paymentId, isDisclosed: disclosed, at, eventId });
  return id;
}

function foldPayout(
  side: SideFacts,
  { at, id: eventId, type, data }: EventOf<'payout.held'> | EventOf<'payout.released'> | EventOf<'payout.paid'>,
): string {
  let payout = findById(side.payouts, data.payoutId);
  if (payout === undefined) {
    payout = newPayout(data.payoutId);
    side.payouts.push(payout);
    if (side.payouts.length > SIDE_MAX) side.payouts.shift();
  }
  payout.merchantId = data.merchantId;
  if (data.orderId !== undefined) payout.orderId = data.orderId;
  // Released and paid are both the money leaving escrow: the first of them counts, and its amount.
  if (type === 'payout.held') {
    payout.heldAt = Math.min(payout.heldAt, at);
    payout.amount ??= data.amount;
  } else if (at < payout.paidAt || (at === payout.paidAt && eventId < payout.paidEventId)) {
    payout.paidAt = at;
    payout.paidEventId = eventId;
    payout.amount = data.amount;
  }
  return payout.id;
}

const newPayout = (id: string): Payout => ({
  id,
  merchantId: '',
  orderId: '',
  amount: null,
  heldAt: NEVER,
  paidAt: NEVER,
  paidEventId: '',
});

function foldLine(side: SideFacts, { at, id: eventId, data }: EventOf<'statement.line'>): string {
  const { lineId: id, amount, direction, reference = '' } = data;
  const bookedAt = parseInstant(data.bookedAt) ?? at;
  addOnce(side.lines, { id, at, bookedAt, amount, isDebit: direction === 'debit', reference, eventId });
  return id;
}

type WalletEvent = EventOf<'wallet.credited'> | EventOf<'wallet.debited'> | EventOf<'wallet.balance_reported'>;

function foldWallet(side: SideFacts, event: WalletEvent): string {
  const { at, id: eventId } = event;
  if (event.type === 'wallet.balance_reported') {
    const { currency, minor } = event.data.balance;
    const wallet = walletOf(side, currency);
    insertByTime(wallet.reports, { at, minor, eventId }, SIDE_MAX);
    if (wallet.opening === null || (at < wallet.opening.at && wallet.entries.length < SIDE_MAX)) wallet.opening = { at, minor };
    return currency;
  }
  const { entryId: id, amount } = event.data;
  const wallet = walletOf(side, amount.currency);
  const minor = event.type === 'wallet.credited' ? amount.minor : 0 - amount.minor;
  if (wallet.entries.length >= SIDE_MAX) forgetOldestEntry(wallet);
  addOnce(wallet.entries, { id, at, minor, eventId });
  return amount.currency;
}

/** The opening balance takes the oldest entry in, with those of its instant. */
function forgetOldestEntry(wallet: Wallet): void {
  const { entries, opening } = wallet;
  const at = (entries[0] as WalletEntry).at;
  const later = entries.findIndex((entry) => entry.at > at);
  const gone = entries.splice(0, later < 0 ? entries.length : later);
  if (opening === null || at <= opening.at) return;
  wallet.opening = { at, minor: gone.reduce((sum, { minor }) => sum + minor, opening.minor) };
}

function walletOf(side: SideFacts, currency: string): Wallet {
  const known = findById(side.wallets, currency);
  if (known !== undefined) return known;
  const made: Wallet = { id: currency, opening: null, entries: [], reports: [] };
  side.wallets.push(made);
  return made;
}

/** Keeps the first telling by event time; beyond `SIDE_MAX` the oldest goes. */
function addOnce<Item extends { readonly id: string; readonly at: number; readonly eventId: string }>(
  items: Item[],
  item: Item,
): void {
  const index = items.findIndex((known) => known.id === item.id);
  if (index >= 0) {
    const known = items[index] as Item;
    if (known.at < item.at || (known.at === item.at && known.eventId <= item.eventId)) return;
    items.splice(index, 1);
  }
  insertByTime(items, item, SIDE_MAX);
}

import { NEVER, type InstantMs } from '#kernel/time';
import type { Instrument } from '#event/types';
import { newLedger, type Ledger } from '#ledger/ledger';
import { packOrder, unpackOrder } from '#ledger/order-text';
import { Packer, rows, type Cell, type Unpacker } from '#ledger/packing';
import { packPayment, unpackPayment } from '#ledger/payment-text';
import { packProfile, unpackProfile } from '#ledger/profile-text';
import { packFreeze, packRefund, unpackFreeze, unpackRefund } from '#ledger/refund-text';
import type { Payout, SideFacts } from '#ledger/side-facts';

/** A ledger as nested arrays of short cells, for JSON. `side` is kept as it is: few accounts have it. */
export interface PackedLedger {
  readonly payments: readonly Cell[];
  readonly orders: readonly Cell[];
  readonly refunds: readonly Cell[];
  readonly freezes: readonly Cell[];
  readonly profile: readonly Cell[] | 0;
  readonly side: SideFacts | 0;
}

/** Times count from some event of the account, so that they are short. */
export const packerFor = ({ payments, orders }: Ledger): Packer => new Packer(payments[0]?.lastAt ?? orders[0]?.lastAt ?? 0);

export function packLedger(ledger: Ledger, packer: Packer): PackedLedger {
  // Orders first: a payment then names its order by a number.
  const orders = ledger.orders.map((order) => packOrder(order, packer));
  const payments = ledger.payments.map((payment) => packPayment(payment, packer));
  const refunds = ledger.refunds.map((refund) => packRefund(refund, packer));
  const freezes = ledger.freezes.map((freeze) => packFreeze(freeze, packer));
  const profile = ledger.profile === null ? 0 : packProfile(ledger.profile, packer);
  return { payments, orders, refunds, freezes, profile, side: ledger.side ?? 0 };
}

export function unpackLedger(packed: PackedLedger, unpacker: Unpacker, accountId: string): Ledger {
  const ledger = newLedger(accountId);
  ledger.orders = rows(packed.orders).map((cells) => unpackOrder(cells, unpacker));
  ledger.payments = rows(packed.payments).map((cells) => unpackPayment(cells, unpacker));
  ledger.refunds = rows(packed.refunds).map((cells) => unpackRefund(cells, unpacker));
  ledger.freezes = rows(packed.freezes).map((cells) => unpackFreeze(cells, unpacker));
  if (packed.profile !== 0) ledger.profile = unpackProfile(packed.profile, unpacker);
  if (packed.side !== 0) ledger.side = restoreSide(packed.side);
  return ledger;
}

export const packInstrument = ({ kind, fingerprint, scheme = '', last4 = '', country = '' }: Instrument): readonly string[] => [
  kind,
  fingerprint,
  scheme,
  last4,
  country,
];

export function unpackInstrument([
  kind = 'other',
  fingerprint = '',
  scheme = '',
  last4 = '',
  country = '',
]: readonly string[]): Instrument {
  return {
    kind: kind as Instrument['kind'],
    fingerprint,
    ...(scheme === '' ? {} : { scheme }),
    ...(last4 === '' ? {} : { last4 }),
    ...(country === '' ? {} : { country }),
  };
}

/** JSON writes `NEVER` as null. */
function restoreSide(side: SideFacts): SideFacts {
  const never = (at: InstantMs | null): InstantMs => at ?? NEVER;
  const payouts = side.payouts.map((payout): Payout => ({
    ...payout,
    heldAt: never(payout.heldAt),
    paidAt: never(payout.paidAt),
  }));
  return { ...side, payouts };
}

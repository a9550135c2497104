import type { EventOf } from '#event/event';
import type { Ledger, Touched } from '#ledger/ledger';

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

export function foldSide(_ledger: Ledger, _event: SideEvent, _touched: Touched): void {}

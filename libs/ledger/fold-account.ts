import type { EventOf } from '#event/event';
import type { Ledger } from '#ledger/ledger';

export type AccountEvent =
  | EventOf<'account.created'>
  | EventOf<'account.logged_in'>
  | EventOf<'account.login_failed'>
  | EventOf<'account.step_up_passed'>
  | EventOf<'account.password_changed'>
  | EventOf<'account.second_factor_changed'>
  | EventOf<'account.contact_changed'>
  | EventOf<'account.address_changed'>
  | EventOf<'account.payout_changed'>
  | EventOf<'account.instrument_added'>
  | EventOf<'account.travel_announced'>
  | EventOf<'account.phishing_reported'>;

export function foldAccountAct(_ledger: Ledger, _event: AccountEvent): void {}

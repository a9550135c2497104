import { account, AWAY, captured, eur, HOME } from './told-events';

/** Twenty quiet days: a log-in and a purchase of 10 to 29 euro each. */
export const habits = Array.from({ length: 20 }, (_, n) => [
  account('logged_in', `2026-05-${String(n + 1).padStart(2, '0')}T18:00`, HOME),
  captured(`2026-05-${String(n + 1).padStart(2, '0')}T18:05`, `old-${n}`, eur(1000 + n * 100), { merchantId: `m${n}` }),
]).flat();

/** A credential, the profile and value, from where nobody knows the buyer unless `context` says otherwise. */
export const reset = (context: object = AWAY) => account('password_changed', '2026-06-20T03:00', context, { how: 'reset' });
export const payout = (context: object = AWAY, time = '2026-06-20T03:20') => account('payout_changed', time, context);
export const big = (time = '2026-06-20T03:45', more: object = {}) =>
  captured(time, 'pay-big', eur(152000), { merchantId: 'electronics', ...more });

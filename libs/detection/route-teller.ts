import type { AnyEvent } from '#event/event';
import { minutes } from '#kernel/time';
import type { Tell, Teller, Telling } from '#detection/scope-teller';

/** Which route a payment took, and whether it went through: counts a minute. */
export const routeTeller: Teller = {
  types: ['outcomes'],
  events: ['payment.authorised', 'payment.captured', 'payment.failed'],

  onEvent(event: AnyEvent, { touched: { payment } }: Telling, tell: Tell) {
    if (payment === undefined || payment.provider === '') return;
    const counts: readonly [number, number, number] = [
      event.type === 'payment.authorised' ? 1 : 0,
      event.type === 'payment.captured' ? 1 : 0,
      event.type === 'payment.failed' ? 1 : 0,
    ];
    const minute = Math.floor(event.at / minutes(1)) * minutes(1);
    tell('route', `${payment.provider}/${payment.instrument?.kind ?? 'other'}`, 'outcomes', minute, counts);
  },
};

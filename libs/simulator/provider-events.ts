import { formatInstant, hours, type InstantMs } from '#kernel/time';
import type { EventData, EventType } from '#event/types';
import type { ProviderEffect } from '#simulator/provider-record';
import type { CloudEvent } from '#simulator/teller';

export const PROVIDER_SOURCE = '/simulated-provider';

/** How long a freeze lasts that the platform made for us. */
const FREEZE_MS = hours(72);

/** What the platform tells once an action took effect. The id follows from the effect, so telling it again is a redelivery. */
export function eventsAbout(effect: ProviderEffect, now: InstantMs): readonly CloudEvent[] {
  const { accountId, paymentId, amount, reference } = effect;
  if (accountId === null) return [];
  if (effect.kind === 'refund' && paymentId !== undefined && amount !== undefined) {
    return [event(effect, now, 'refund.succeeded', { accountId, refundId: reference, paymentId, amount, reason: effect.key })];
  }
  if (effect.kind === 'void' && paymentId !== undefined) {
    return [event(effect, now, 'payment.voided', { accountId, paymentId, reason: effect.key })];
  }
  if (effect.kind === 'freeze') {
    const until = formatInstant(now + FREEZE_MS);
    return [event(effect, now, 'funds.frozen', { accountId, freezeId: reference, until, reason: effect.key })];
  }
  if (effect.kind === 'unfreeze')
    return [event(effect, now, 'funds.unfrozen', { accountId, freezeId: reference, reason: effect.key })];
  return [];
}

function event<Kind extends EventType>(effect: ProviderEffect, now: InstantMs, type: Kind, data: EventData<Kind>): CloudEvent {
  const id = `${effect.reference}-${type}`;
  return { specversion: '1.0', id, source: PROVIDER_SOURCE, type, time: formatInstant(now), data };
}

import type { FindingMessage } from '#detection/finding';
import type { InstantMs } from '#kernel/time';
import type { Emission } from '#stream/stage';

/** What a stage said, as the services read it from the `findings` topic; null for a message of another kind. */
export function messageOf(emission: Emission): FindingMessage | null {
  const { type, data } = JSON.parse(emission.body) as { type: string; data: object };
  if (type === 'makewhole.finding') return { type: 'finding', ...data } as FindingMessage;
  return type === 'makewhole.payment' ? ({ type: 'payment', ...data } as FindingMessage) : null;
}

/** When it became true. */
export const timeOf = (emission: Emission): InstantMs => Date.parse((JSON.parse(emission.body) as { time: string }).time);

import type { InstantMs } from '#kernel/time';
import type { EventData, EventType } from '#event/types';

/** A decoded event: the CloudEvents attributes that matter, and its typed `data`. `accountId` is empty for an event about no buyer. */
export interface EventOf<Kind extends EventType> {
  readonly type: Kind;
  readonly id: string;
  readonly source: string;
  /** When it happened. */
  readonly at: InstantMs;
  readonly accountId: string;
  readonly data: EventData<Kind>;
  /** 32 bits over type, time and data, whatever the order of fields: the same id with another fingerprint is a conflict. */
  readonly fingerprint: number;
}

export type AnyEvent = { [Kind in EventType]: EventOf<Kind> }[EventType];

export type DeadLetterReason =
  'not-json' | 'invalid-event' | 'unknown-type' | 'conflicting-redelivery' | 'future-event' | 'too-large';

/** Why bytes are no event: where (JSON pointer), what was expected and what was found (never a secret or a card number). */
export interface DecodeError {
  readonly reason: DeadLetterReason;
  readonly pointer: string;
  readonly expected: string;
  readonly found: string;
  readonly source?: string;
  readonly id?: string;
}

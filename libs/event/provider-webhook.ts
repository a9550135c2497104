import type { InstantMs } from '#kernel/time';
import type { EventType } from '#event/types';

/** One of our events as a provider's webhook tells it, before anything is checked: the decoder has the last word. */
export interface ToldEvent {
  readonly type: EventType;
  /** Derived from the webhook, so that a redelivery is the same event. */
  readonly id: string;
  readonly source: string;
  /** RFC 3339. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * What a webhook means: our events; nothing about payments (`ignored`); or something about payments for which we have no event, which is
 * kept as it came, under a type of the provider's.
 */
export type Told =
  | { readonly kind: 'events'; readonly events: readonly ToldEvent[] }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'unmapped'; readonly type: string; readonly id: string; readonly source: string; readonly time?: string };

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

/** Text that says something; undefined for anything else. */
export const wordOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The object without the fields that are undefined. */
export const present = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** Whole seconds since the epoch, as an instant. */
export const instantOfSeconds = (value: unknown): InstantMs | undefined =>
  Number.isSafeInteger(value) && Math.abs(value as number) < 1e11 ? (value as number) * 1_000 : undefined;

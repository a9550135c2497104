import { formatInstant, type InstantMs } from '#kernel/time';
import type { EventData, EventType } from '#event/types';

/** A structured CloudEvent as a platform would send it. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: EventType;
  /** RFC 3339. */
  readonly time: string;
  readonly data: { readonly accountId?: string } & Readonly<Record<string, unknown>>;
}

/** An event, when it happened and when it reaches the log: arrival may lag behind and so change the order. */
export interface SimulatedEvent {
  readonly at: InstantMs;
  readonly arrivesAt: InstantMs;
  readonly accountId: string;
  readonly event: CloudEvent;
}

export const PLATFORM_SOURCE = '/simulated-platform';

/** Tells one account's events. Ids count up within the account, so that they do not depend on other accounts. */
export class Teller {
  readonly told: SimulatedEvent[] = [];
  private nextNumber = 1;

  constructor(
    readonly accountId: string,
    private readonly prefix = '',
  ) {}

  /** `lagMs` after it happened it arrives. Returns the event's id. */
  tell<Kind extends EventType>(type: Kind, at: InstantMs, data: Omit<EventData<Kind>, 'accountId'>, lagMs = 0): string {
    const id = `${this.accountId}-${this.prefix}e${this.nextNumber++}`;
    const event: CloudEvent = {
      specversion: '1.0',
      id,
      source: PLATFORM_SOURCE,
      type,
      time: formatInstant(at),
      data: { accountId: this.accountId, ...data },
    };
    this.told.push({ at, arrivesAt: at + lagMs, accountId: this.accountId, event });
    return id;
  }

  /** The newest event once more, as a pipeline that redelivers does: same source, same id, same content. */
  redeliver(lagMs: number): void {
    const newest = this.told[this.told.length - 1];
    if (newest !== undefined) this.told.push({ ...newest, arrivesAt: newest.arrivesAt + lagMs });
  }

  /** A name that no other thing of this account has: `pay-…`, `order-…`. */
  name(kind: string): string {
    return `${kind}-${this.accountId}-${this.prefix}${this.nextNumber++}`;
  }
}

export const inOrderOfArrival = (events: readonly SimulatedEvent[]): SimulatedEvent[] =>
  [...events].sort((one, other) => one.arrivesAt - other.arrivesAt || compareText(one.event.id, other.event.id));

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

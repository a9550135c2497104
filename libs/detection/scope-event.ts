import type { InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';

export type Scope = 'merchant' | 'network' | 'operator' | 'route';

/** What is told of each type, as a tuple: it goes over the wire as it is, as JSON. */
export interface SlimData {
  /** Merchant: a payment event that reserves or moves money. `signals`: what payment-signals.ts says of the buyer's side. */
  payment: readonly [
    step: 'authorised' | 'captured',
    paymentId: string,
    minor: number,
    currency: string,
    orderId: string,
    signals: readonly number[],
  ];
  /** Merchant: the label, whenever it comes. `paidAt`: when the payment's money was first reserved or moved. */
  chargeback: readonly [paymentId: string, minor: number, currency: string, paidAt: InstantMs, signals: readonly number[]];
  /** Merchant: a refund that succeeded. */
  refund: readonly [paymentId: string, refundId: string, minor: number, currency: string, reason: string];
  complaint: readonly [complaintId: string, about: string];
  /** Merchant: goods did not come by their date, and came after all. */
  undelivered: readonly [orderId: string];
  delivered: readonly [orderId: string];
  vetting: readonly [outcome: string, reason: string];
  reported: readonly [outcome: string, reason: string];
  /** Route: sums; `at` is the start of the minute. */
  outcomes: readonly [authorised: number, captured: number, failed: number];
  /** Network: a log-in that failed, or one that worked from a place that was new to the account. */
  login: readonly [outcome: 'failed' | 'passed'];
  /** Network: a payment that failed, or the first one with an instrument that the account had not used before. */
  attempt: readonly [
    outcome: 'failed' | 'passed',
    paymentId: string,
    minor: number,
    currency: string,
    instrument: string,
    merchantId: string,
  ];
  /** Merchant: a capture of a payment of which a `payment` was told before, where no score of it is asked for. */
  recapture: readonly [minor: number, currency: string];
  /** Operator: an act of the platform's own staff on a buyer's account. */
  act: readonly [
    what: string,
    subject: string,
    paymentId: string,
    minor: number,
    currency: string,
    flags: string,
    instrument: string,
  ];
}
export type SlimType = keyof SlimData;

/** A type goes over the wire as its place in this list: types are added at its end and never moved. */
export const slimTypes = [
  'payment',
  'chargeback',
  'refund',
  'complaint',
  'undelivered',
  'delivered',
  'vetting',
  'reported',
  'outcomes',
  'login',
  'attempt',
  'act',
  'recapture',
] as const satisfies readonly SlimType[];

/** Types whose data are numbers that are added up before they are sent: equal scope, key and `at`. */
export const summedTypes: ReadonlySet<SlimType> = new Set<SlimType>(['outcomes']);

const scopes = ['merchant', 'network', 'operator', 'route'] as const satisfies readonly Scope[];

interface SlimEventOf<Type extends SlimType> {
  readonly scope: Scope;
  /** `m-1`, an address or a device, an operator, `provider/method`. */
  readonly key: string;
  readonly type: Type;
  readonly at: InstantMs;
  /** Of the event that made it so; empty for a sum, and where silence did. */
  readonly eventId: string;
  /** Empty where there is none. */
  readonly accountId: string;
  readonly data: SlimData[Type];
}

/** What a scope detector reads of an event. */
export type SlimEvent = { [Type in SlimType]: SlimEventOf<Type> }[SlimType];

/** Cells in order: scope, type, key, at, account, event, data. What is added up comes after what must be equal. */
export const SUM_FROM = 6;

export const packSlimEvent = ({ scope, key, type, at, eventId, accountId, data }: SlimEvent): readonly Cell[] => [
  scopes.indexOf(scope),
  slimTypes.indexOf(type),
  key,
  at,
  accountId,
  eventId,
  ...data,
];

const TYPE = 1;
const AT = 3;
const EVENT = 5;

export const isSum = (cells: readonly Cell[]): boolean => summedTypes.has(slimTypes[cells[TYPE] as number]!);

/** In the order of their times, then of their events, then of whatever is not alike: below 0 when `one` goes first. */
export function byTime(one: readonly Cell[], other: readonly Cell[]): number {
  const apart = (one[AT] as number) - (other[AT] as number);
  if (apart !== 0) return apart;
  if (one[EVENT] !== other[EVENT]) return (one[EVENT] as string) < (other[EVENT] as string) ? -1 : 1;
  for (let at = 0; at < SUM_FROM; at++) if (one[at] !== other[at]) return (one[at] as Cell) < (other[at] as Cell) ? -1 : 1;
  return 0;
}

/** The same said of the same key at the same time, because of the same event: told twice. */
export const areAlike = (one: readonly Cell[], other: readonly Cell[]): boolean => byTime(one, other) === 0;

/** `cells` from `from` on. */
export function unpackSlimEvent(cells: readonly Cell[], from: number): SlimEvent {
  const type = slimTypes[cells[from + 1] as number];
  const scope = scopes[cells[from] as number];
  if (type === undefined || scope === undefined)
    throw new Error(
      `a slim event of scope ${String(cells[from])}, type ${String(cells[from + 1])} is of a newer version: update this process`,
    );
  return {
    scope,
    type,
    key: cells[from + 2] as string,
    at: cells[from + 3] as number,
    accountId: cells[from + 4] as string,
    eventId: cells[from + 5] as string,
    data: cells.slice(from + SUM_FROM),
  } as unknown as SlimEvent;
}

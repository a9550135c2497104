import { NEVER, type InstantMs } from '#kernel/time';

/** What happened to one of an order's parcels. Of a step told twice the first time counts. */
export interface Parcel {
  /** Hash of its tracking id; `NO_NAME` for steps that named none, which are steps of all that was sent before them. */
  readonly mark: number;
  readonly shippedAt: InstantMs;
  readonly deliveredAt: InstantMs;
  readonly returnedAt: InstantMs;
}
export type ParcelStep = Exclude<keyof Parcel, 'mark'>;

export const NO_NAME = 0;
/** [ours] Kept of an order: those with the smallest marks, so that the order of telling decides nothing. */
export const PARCELS_MAX = 16;

export function withStep(parcels: readonly Parcel[] | null, mark: number, step: ParcelStep, at: InstantMs): readonly Parcel[] {
  const known = parcels?.find((parcel) => parcel.mark === mark);
  if (parcels !== null && known !== undefined && known[step] <= at) return parcels;
  const parcel = { ...(known ?? { mark, shippedAt: NEVER, deliveredAt: NEVER, returnedAt: NEVER }), [step]: at };
  const others = (parcels ?? []).filter((other) => other !== known);
  return [...others, parcel].sort((left, right) => left.mark - right.mark).slice(0, PARCELS_MAX);
}

/** What an order's course says of its goods. */
interface Sent {
  readonly deliveredAt: InstantMs;
  readonly returnedAt: InstantMs;
  readonly parcels: readonly Parcel[] | null;
}

/** When the last of the goods was back at the seller with nothing delivered before; `NEVER` while a parcel may still come. */
export function cameBackAt({ deliveredAt, returnedAt, parcels }: Sent): InstantMs {
  let at = returnedAt;
  for (const parcel of parcels ?? []) if (isSent(parcel)) at = Math.max(at, stepOf(parcel, 'returnedAt', parcels));
  return deliveredAt <= at ? NEVER : at;
}

/**
 * The parcels that were sent by name, by time. One that was delivered and never sent may be one of them under another number (carriers hand
 * over): it stands for the one that was sent first and neither came nor went back.
 */
export function sentParcels(parcels: readonly Parcel[]): readonly Parcel[] {
  const renamed = parcels
    .filter(({ mark, shippedAt, deliveredAt }) => mark !== NO_NAME && shippedAt === NEVER && deliveredAt !== NEVER)
    .sort((left, right) => left.deliveredAt - right.deliveredAt);
  return parcels
    .filter(isSent)
    .sort((left, right) => left.shippedAt - right.shippedAt || left.mark - right.mark)
    .map((parcel) => {
      const returnedAt = stepOf(parcel, 'returnedAt', parcels);
      const deliveredAt = stepOf(parcel, 'deliveredAt', parcels);
      const hasEnded = Math.min(returnedAt, deliveredAt) !== NEVER;
      return { ...parcel, returnedAt, deliveredAt: hasEnded ? deliveredAt : (renamed.shift()?.deliveredAt ?? NEVER) };
    });
}

const isSent = ({ mark, shippedAt }: Parcel): boolean => mark !== NO_NAME && shippedAt !== NEVER;

/** The parcel's own step, or one of no name after it was sent. */
function stepOf(parcel: Parcel, step: ParcelStep, parcels: readonly Parcel[] | null): InstantMs {
  const ofAll = parcels?.find(({ mark }) => mark === NO_NAME)?.[step] ?? NEVER;
  return ofAll >= parcel.shippedAt ? Math.min(parcel[step], ofAll) : parcel[step];
}

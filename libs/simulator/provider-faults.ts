import { hashText } from '#simulator/random';

/** How a call can go wrong. `before` and `after`: before or after the money moved. */
export const faults = [
  'none',
  'pending',
  'slow',
  'told-twice',
  'silent-after',
  'error-before',
  'error-after',
  'broken-answer-after',
  'reset-before',
  'reset-after',
  'too-many',
  'refused',
] as const;
export type Fault = (typeof faults)[number];

/** Shares of first calls; what is left of 1 goes well. */
export type FaultShares = Readonly<Partial<Record<Exclude<Fault, 'none'>, number>>>;

export const noFaults: FaultShares = {};

/** A provider on a bad day: about a third of all first calls go wrong. */
export const badDay: FaultShares = {
  pending: 0.06,
  slow: 0.05,
  'told-twice': 0.05,
  'silent-after': 0.04,
  'error-before': 0.04,
  'error-after': 0.04,
  'broken-answer-after': 0.02,
  'reset-before': 0.02,
  'reset-after': 0.02,
  'too-many': 0.03,
};

/** The fault of a call: it depends on seed, key and how often the key came, not on when. From the third call on all goes well. */
export function faultOf(seed: number, shares: FaultShares, key: string, call: number): Fault {
  if (call > 2) return 'none';
  let point = hashText(`${seed}|${key}|${call}`) / 4_294_967_296;
  for (const fault of faults) {
    const share = fault === 'none' ? 0 : (shares[fault] ?? 0);
    if (point < share) return fault;
    point -= share;
  }
  return 'none';
}

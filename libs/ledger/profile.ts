import type { InstantMs } from '#kernel/time';

/** A device or a network of the buyer's, with the first time it was used. */
export interface Habit {
  readonly key: string;
  firstAt: InstantMs;
}

export interface LogIn {
  readonly at: InstantMs;
  readonly deviceId: string;
  readonly network: string;
  readonly country: string;
  /** NaN where the event named no place. */
  readonly lat: number;
  readonly lon: number;
  readonly eventId: string;
}

export type ActKind = 'credential' | 'phishing' | 'step-up' | 'profile' | 'payout';

/** An act on the account that a takeover is made of, or that clears the suspicion. */
export interface Act {
  readonly kind: ActKind;
  readonly at: InstantMs;
  /** The event's type without `account.`, such as `password_changed`. */
  readonly what: string;
  readonly deviceId: string;
  readonly network: string;
  readonly country: string;
  readonly eventId: string;
}

export interface Travel {
  readonly country: string;
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** How the buyer uses the account. Every list is bounded (see `PROFILE_MAX`); the oldest go first. */
export interface Profile {
  devices: Habit[];
  networks: Habit[];
  logIns: LogIn[];
  failedLogIns: InstantMs[];
  acts: Act[];
  travels: Travel[];
  /** The newest time at which something could begin a takeover: most accounts have none, and are passed over quickly. */
  suspectAt: InstantMs;
  lastIp: string;
  lastDeviceId: string;
}

export const PROFILE_MAX = { devices: 12, networks: 12, logIns: 8, failedLogIns: 10, acts: 24, travels: 4 } as const;

export const newProfile = (): Profile => ({
  devices: [],
  networks: [],
  logIns: [],
  failedLogIns: [],
  acts: [],
  travels: [],
  suspectAt: -Infinity,
  lastIp: '',
  lastDeviceId: '',
});

/**
 * The network of an address without a registry of networks: its /24 (IPv4) or /48 (IPv6), as text; empty for what is no
 * address.
 */
export function networkOf(ip: string): string {
  if (ip.includes(':')) return v6Prefix(ip);
  const end = ip.lastIndexOf('.');
  return end > 0 ? ip.slice(0, end) : '';
}

function v6Prefix(ip: string): string {
  const lower = ip.toLowerCase();
  const mapped = lower.lastIndexOf(':ffff:');
  if (mapped >= 0 && lower.includes('.')) return networkOf(lower.slice(mapped + 6));
  const [head = '', tail = ''] = lower.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const groups = lower.includes('::')
    ? [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after]
    : before;
  return groups
    .slice(0, 3)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

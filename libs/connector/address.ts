import { lookup as resolve, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The address is not one that calls may go to. */
export class BlockedAddress extends Error {
  readonly code = 'MAKEWHOLE_BLOCKED_ADDRESS';
  constructor(host: string, address: string) {
    super(`${host} is at ${address}, which is not a public address: calls to it are blocked`);
  }
}

/** Public unicast only: loopback, private, link-local, CGNAT, ULA, multicast, reserved and what hides one of them inside IPv6 are not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return parsed.range() === 'unicast';
}

/** Throws for a URL whose host is a blocked address itself: those are never looked up. */
export function checkHost(hostname: string): void {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new BlockedAddress(hostname, host);
}

/** A `lookup` for sockets: the address that was checked is the address that is connected to, so a name cannot change in between. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const addresses = found as unknown as readonly LookupAddress[];
    const blocked = addresses.find(({ address }) => !isPublicAddress(address));
    if (blocked !== undefined) return callback(new BlockedAddress(hostname, blocked.address), '', 0);
    if (options.all === true) return callback(null, [...addresses]);
    const first = addresses[0];
    return first === undefined
      ? callback(new Error(`${hostname} has no address`), '', 0)
      : callback(null, first.address, first.family);
  });
};

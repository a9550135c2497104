/** The store that answers reads. */
export const READS = Symbol('casework reads');
/** The connections themselves, to be closed at the end. */
export const POOL = Symbol('casework connections');
/** How long after a buyer's last case an erasure waits, in milliseconds. */
export const ERASURE_WAIT = Symbol('casework erasure wait');
/** The log, to read events from. */
export const LOG = Symbol('casework log');

/** The pool that answers reads. */
export const READS = Symbol('casework reads');

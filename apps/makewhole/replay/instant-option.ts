import type { InstantMs } from '#kernel/time';
import { wrongUse } from '#apps/makewhole/failure';

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** The instant that an option names; a wrong one is wrong use. */
export function readInstant(option: string, text: string): InstantMs {
  const instant = rfc3339.test(text) ? Date.parse(text.toUpperCase().replace(' ', 'T')) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw wrongUse(`${option} needs an RFC 3339 time with offset, such as 2026-06-30T00:00:00Z; found "${text}"`);
  }
  return instant;
}

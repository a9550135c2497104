import type { InstantMs } from '#kernel/time';
import type { SlimEvent } from '#detection/scope-event';

export const ROUTE = 'acme/card';

/** What came of the payments of one minute of a route. */
export const minuteOf = (at: InstantMs, ok: number, failed: number): SlimEvent => ({
  scope: 'route',
  key: ROUTE,
  type: 'outcomes',
  at,
  eventId: '',
  accountId: '',
  data: [0, ok, failed],
});

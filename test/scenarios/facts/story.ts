import type { Scenario } from '../scenario';
import type { ToldEvent } from '../told-events';

export const UNTIL = '2026-06-30T00:00:00Z';

/** One rule of the facts as a story: what happened, and what a replay says of it, worked out by hand. Ends on 30 June 2026. */
export const story = (name: string, events: readonly ToldEvent[], expected: Omit<Scenario, 'name' | 'events'>): Scenario => ({
  name,
  until: UNTIL,
  ...expected,
  events: events as unknown as Scenario['events'],
});

/** Nothing at all is said. */
export const silent = (name: string, events: readonly ToldEvent[], more: Partial<Scenario> = {}): Scenario =>
  story(name, events, { forbid: 'others', ...more });

export const money = (minor: number, currency: string) => ({ minor, currency });

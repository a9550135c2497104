import { days } from '#kernel/time';
import { simulateHistory, simulateLive, type Traffic } from '#simulator/platform';

import type { Sending } from './feeder';

const platform = { buyers: 260, lossesEach: 2, lookAlikesEach: 2 };

/** Two months of a platform's past, all at once: what a detector that was down for long finds. */
export const pastTraffic = (seed: number, now: number): readonly Sending[] =>
  asSendings(simulateHistory({ ...platform, seed, from: now - days(62), until: now }), 'past', now, 0);

/** Some seconds of the present with its own buyers, at the speed at which it happens. */
export const liveTraffic = (seed: number, round: number, now: number, forMs: number): readonly Sending[] =>
  asSendings(
    simulateLive({ ...platform, seed: seed * 1_000 + round, from: now, forMs, purchasesPerSecond: 40 }),
    `r${round}`,
    now,
    forMs,
  );

/** What would arrive later than `withinMs` arrives then. Each round has buyers of its own: the simulator numbers events by buyer, and an id must not come twice for two things. */
function asSendings({ events }: Traffic, round: string, from: number, withinMs: number): readonly Sending[] {
  return events.map(({ event, arrivesAt }) => {
    const text = JSON.stringify(event).replaceAll('buyer-', `${round}-buyer-`);
    const { source, id } = JSON.parse(text) as { source: string; id: string };
    return { atMs: Math.min(withinMs, Math.max(0, arrivesAt - from)), text, identity: JSON.stringify([source, id]) };
  });
}

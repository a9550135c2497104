import { days } from '#kernel/time';
import { simulateHistory, simulateLive, type Traffic } from '#simulator/platform';

import type { Sending } from './feeder';

const platform = { buyers: 260, lossesEach: 2, lookAlikesEach: 2 };

/** Two months of a platform's past, all at once: what a detector that was down for long finds. */
export const pastTraffic = (seed: number, now: number): readonly Sending[] =>
  asSendings(simulateHistory({ ...platform, seed, from: now - days(62), until: now }), now, 0);

/** Some seconds of the present, at the speed at which it happens. Rounds count from 1, each with other buyers. */
export const liveTraffic = (seed: number, round: number, now: number, forMs: number): readonly Sending[] =>
  asSendings(simulateLive({ ...platform, seed, from: now, forMs, purchasesPerSecond: 40, round }), now, forMs);

/** What would arrive later than `withinMs` arrives then. */
const asSendings = ({ events }: Traffic, from: number, withinMs: number): readonly Sending[] =>
  events.map(({ event, arrivesAt }) => ({
    atMs: Math.min(withinMs, Math.max(0, arrivesAt - from)),
    text: JSON.stringify(event),
    identity: JSON.stringify([event.source, event.id]),
  }));

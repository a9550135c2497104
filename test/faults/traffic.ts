import { days } from '#kernel/time';
import { simulateHistory, simulateLive, type Traffic } from '#simulator/platform';

import { atProviders } from './at-providers';
import type { Sending } from './feeder';
import type { ProviderPayment } from './provider-payments';

/** What is sent, and the payments that were made at providers before it was. */
export interface Feed {
  readonly sendings: readonly Sending[];
  readonly payments: readonly ProviderPayment[];
}

/** The past is read by the auditor and the model after every round: no more of it than each story once. */
const past = { buyers: 150, lossesEach: 1, lookAlikesEach: 1 };
const present = { buyers: 260, lossesEach: 2, lookAlikesEach: 2 };

/** Two months of a platform's past, all at once: what a detector that was down for long finds. */
export const pastTraffic = (seed: number, now: number): Feed =>
  asFeed(simulateHistory({ ...past, seed, from: now - days(62), until: now }), now, 0);

/** Some seconds of the present, at the speed at which it happens. Rounds count from 1, each with other buyers. */
export const liveTraffic = (seed: number, round: number, now: number, forMs: number): Feed =>
  asFeed(simulateLive({ ...present, seed, from: now, forMs, purchasesPerSecond: 40, round }), now, forMs);

/** What would arrive later than `withinMs` arrives then. */
function asFeed(traffic: Traffic, from: number, withinMs: number): Feed {
  const { events, payments } = atProviders(traffic.events);
  const sendings = events.map(({ event, arrivesAt }) => ({
    atMs: Math.min(withinMs, Math.max(0, arrivesAt - from)),
    text: JSON.stringify(event),
    identity: JSON.stringify([event.source, event.id]),
  }));
  return { sendings, payments };
}

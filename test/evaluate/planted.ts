import type { Finding } from '#detection/finding';
import { days, formatInstant, hours, type InstantMs, minutes } from '#kernel/time';
import { makeBuyer } from '#simulator/buyer';
import { simulateHistory } from '#simulator/platform';
import type { IncidentKind } from '#simulator/incident';
import { buy } from '#simulator/purchase';
import { Random } from '#simulator/random';
import type { SimulatedEvent } from '#simulator/teller';
import { Teller } from '#simulator/teller';
import { comparePlanted, type KindResult } from '#apps/makewhole/demo/compare';
import { type Figure, percentile } from '#test/bench/figure';
import type { Evaluation } from './evaluation';
import { incidentFloors, measureIncidents } from './planted-incidents';
import { replayEvents, type SaidFinding } from './replay-events';
import { accountStories, type AccountStory } from './takeover-stories';

const until = Date.UTC(2026, 10, 20, 12);
const deterministicGoal = { precision: 0.995, recall: 0.99 } as const;

const isAlarm = ({ confidence, status }: Finding): boolean => confidence !== 'possible' && status === 'open';

/** Weeks of a platform with planted losses and their look-alikes: what was found of the deterministic kinds, and what else. */
function measureDeterministic(buyers: number, each: number) {
  const seed = 20_261_128;
  const traffic = simulateHistory({ seed, buyers, lossesEach: each, lookAlikesEach: each, from: until - days(60), until });
  const open = new Map<string, Finding>();
  const said = replayEvents(
    traffic.events.map(({ event }) => event),
    until,
  );
  for (const { finding } of said) if (isAlarm(finding)) open.set(finding.findingId, finding);
  const compared = comparePlanted(traffic.planted, [...open.values()], until);
  const falseAlarms = compared.falseAlarms.filter(({ kind }) => kind !== 'account-takeover');
  const kinds = compared.kinds
    .filter(({ kind }) => kind !== 'account-takeover')
    .map((one): KindShares => {
      const wrong = falseAlarms.filter(({ kind }) => kind === one.kind).length;
      return { ...one, falseAlarms: wrong, precision: one.found / (one.found + wrong), recall: one.found / one.planted };
    });
  const planted = kinds.reduce((sum, kind) => sum + kind.planted, 0);
  const found = kinds.reduce((sum, kind) => sum + kind.found, 0);
  return {
    events: traffic.events.length,
    planted,
    found,
    falseAlarms: falseAlarms.map(({ kind, accountId }) => `${kind}: ${traffic.lookAlikes.get(accountId ?? '') ?? 'ordinary'}`),
    lossDiffers: compared.lossDiffers.length,
    precision: found / (found + falseAlarms.length),
    recall: found / planted,
    kinds,
  };
}

interface KindShares extends KindResult {
  readonly falseAlarms: number;
  readonly precision: number;
  readonly recall: number;
}

/** Two lines of the table for each kind. */
const sharesOf = (
  kinds: readonly { readonly kind: string; readonly precision: number; readonly recall: number }[],
  floorOf: (kind: string) => { readonly precision: number; readonly recall: number },
  among = '',
): Figure[] =>
  kinds.flatMap((one) =>
    (['precision', 'recall'] as const).map((share) => ({
      name: `${among}${one.kind}: ${share}`,
      value: one[share],
      unit: 'share',
      goal: { atLeast: floorOf(one.kind)[share] },
    })),
  );

/** One account each: weeks of ordinary purchases, then its story. */
function tellStories(each: number): { story: AccountStory; startedAt: InstantMs; accountId: string; told: SimulatedEvent[] }[] {
  return accountStories.flatMap((story, number) =>
    Array.from({ length: each * story.weight }, (_, copy) => {
      const accountId = `account-${number}-${copy}`;
      const random = new Random(`takeover-${accountId}`);
      const buyer = makeBuyer(accountId, random);
      const teller = new Teller(accountId);
      let at = until - days(40) - (story.quietMs ?? 0) + hours(random.between(0, 48));
      for (let left = 10; left > 0; left -= 1) {
        buy({ buyer, teller, random, at, pace: 1 });
        at += hours(random.between(32, 60));
      }
      const startedAt = at + (story.quietMs ?? 0) + hours(30);
      story.tell({ buyer, teller, random, at: startedAt, pace: 1 });
      return { story, startedAt, accountId, told: teller.told };
    }),
  );
}

function measureTakeover(each: number) {
  const accounts = tellStories(each);
  const events = accounts
    .flatMap(({ told }) => told)
    .sort((one, other) => one.arrivesAt - other.arrivesAt || (one.event.id < other.event.id ? -1 : 1));
  const first = new Map<string, SaidFinding>();
  for (const said of replayEvents(
    events.map(({ event }) => event),
    until,
  )) {
    const { finding } = said;
    if (finding.kind !== 'account-takeover' || !isAlarm(finding) || finding.accountId === null) continue;
    if (!first.has(finding.accountId)) first.set(finding.accountId, said);
  }
  const told = accounts.map((account) => ({ ...account, said: first.get(account.accountId) }));
  const takeovers = told.filter(({ story }) => story.isTakeover);
  const found = takeovers.filter(({ said }) => said !== undefined);
  const falseAlarms = told.filter(({ story, said }) => !story.isTakeover && said !== undefined);
  const minutesToDetection = found.map(({ said, startedAt }) => ((said as SaidFinding).at - startedAt) / minutes(1));
  return {
    accounts: accounts.length,
    takeovers: takeovers.length,
    found: found.length,
    falseAlarms: falseAlarms.length,
    precision: found.length / (found.length + falseAlarms.length),
    recall: found.length / takeovers.length,
    minutesToDetection: { median: percentile(minutesToDetection, 0.5), p95: percentile(minutesToDetection, 0.95) },
    stories: accountStories.map(({ name, isTakeover }) => {
      const ofStory = told.filter(({ story }) => story.name === name);
      return { name, isTakeover, told: ofStory.length, said: ofStory.filter(({ said }) => said !== undefined).length };
    }),
  };
}

export const planted: Evaluation = {
  name: 'planted',
  about: 'simulated platforms with planted losses, takeovers and look-alikes, through the engine of makewhole replay',
  run(_directory, tell) {
    tell('losses and look-alikes');
    const deterministic = measureDeterministic(2_500, 20);
    tell('takeovers and look-alikes');
    const takeover = measureTakeover(10);
    tell('incidents of many accounts and look-alikes');
    const incidents = measureIncidents({ each: 4, ordinaryPerDay: 60, until });
    return {
      figures: [
        ...sharesOf(deterministic.kinds, () => deterministicGoal),
        {
          name: 'planted losses: precision',
          value: deterministic.precision,
          unit: 'share',
          goal: { atLeast: deterministicGoal.precision },
        },
        {
          name: 'planted losses: recall',
          value: deterministic.recall,
          unit: 'share',
          goal: { atLeast: deterministicGoal.recall },
        },
        { name: 'planted losses found with another sum', value: deterministic.lossDiffers, unit: 'losses', goal: { atMost: 0 } },
        { name: 'takeovers: precision', value: takeover.precision, unit: 'share', goal: { atLeast: 0.9 } },
        { name: 'takeovers: recall', value: takeover.recall, unit: 'share', goal: { atLeast: 0.8 } },
        { name: 'takeovers: time to detection, median', value: takeover.minutesToDetection.median, unit: 'min' },
        { name: 'takeovers: time to detection, p95', value: takeover.minutesToDetection.p95, unit: 'min' },
        ...sharesOf(incidents.kinds, (kind) => incidentFloors[kind as IncidentKind], 'incidents, '),
      ],
      measured: { deterministic, takeover, incidents, until: formatInstant(until) },
    };
  },
};

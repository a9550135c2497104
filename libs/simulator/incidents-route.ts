import { days, hours, type InstantMs, minutes } from '#kernel/time';
import { harmless, incident, type Incident, moments, type Stage } from '#simulator/incident';

const providerOf = (stage: Stage): string => `provider-${stage.name}`;
const routeOf = (stage: Stage): readonly string[] => [`${providerOf(stage)}/card`];

interface Flow {
  readonly perHour: number;
  readonly from: InstantMs;
  readonly to: InstantMs;
  /** Share of payments that fail; a few do on every route. */
  readonly failing?: number;
  readonly unanswered?: boolean;
  readonly reason?: string;
}

const BEFORE = days(8);
const AFTER = days(1);
const USUAL_FAILING = 0.04;

function flow(stage: Stage, { perHour, from, to, failing = USUAL_FAILING, unanswered = false, reason }: Flow): void {
  const { random } = stage;
  for (const at of moments(random, perHour * 24, from, to)) {
    const outcome = unanswered ? 'unanswered' : random.chance(failing) ? 'failed' : 'captured';
    stage.pay(stage.actor(random.between(0, 400)), at, {
      merchantId: `shop-${random.between(1, 30)}`,
      minor: random.price(4_000),
      outcome,
      provider: providerOf(stage),
      ...(reason === undefined ? {} : { reason }),
    });
  }
}

/** Usual traffic, then `length` of something else, then a day as before. */
function disturbed(stage: Stage, perHour: number, length: number, change: Partial<Flow>): readonly string[] {
  flow(stage, { perHour, from: stage.at - BEFORE, to: stage.at });
  flow(stage, { perHour, from: stage.at, to: stage.at + length, ...change });
  flow(stage, { perHour, from: stage.at + length, to: stage.at + length + AFTER });
  return routeOf(stage);
}

const everyNight = (stage: Stage, perHour: (hour: number) => number, failing: (hour: number) => number): readonly string[] => {
  for (let at = Math.floor((stage.at - days(14)) / hours(1)) * hours(1); at < stage.at + days(3); at += hours(1)) {
    const hour = new Date(at).getUTCHours();
    if (perHour(hour) > 0) flow(stage, { perHour: perHour(hour), from: at, to: at + hours(1), failing: failing(hour) });
  }
  return routeOf(stage);
};

const kind = 'payment-outage';

export const routeIncidents: readonly Incident[] = [
  incident(kind, 'nine of ten payments fail for two hours', (stage) => disturbed(stage, 20, hours(2), { failing: 0.9 })),
  incident(kind, 'two of five payments fail for four hours', (stage) => disturbed(stage, 30, hours(4), { failing: 0.4 })),
  incident(kind, 'a small route: everything fails for six hours', (stage) => disturbed(stage, 5, hours(6), { failing: 1 })),
  incident(kind, 'payments are started and never answered, for three hours', (stage) =>
    disturbed(stage, 20, hours(3), { unanswered: true }),
  ),
  harmless(kind, 'no payments at night', (stage) =>
    everyNight(
      stage,
      (hour) => (hour < 5 ? 0 : 15),
      () => USUAL_FAILING,
    ),
  ),
  harmless(kind, 'a third fails from midnight to two, each night', (stage) =>
    everyNight(
      stage,
      () => 12,
      (hour) => (hour < 2 ? 0.35 : USUAL_FAILING),
    ),
  ),
  harmless(kind, 'the end of the month: one in ten has too little money', (stage) =>
    disturbed(stage, 20, days(2), { failing: 0.1, reason: 'insufficient_funds' }),
  ),
  harmless(kind, 'a sale: six times the payments, as many of them fail as always', (stage) =>
    disturbed(stage, 12, hours(12), { perHour: 72, failing: 0.05 }),
  ),
  harmless(kind, 'a route of two payments an hour, three of five fail', (stage) => {
    flow(stage, { perHour: 2, from: stage.at - BEFORE, to: stage.at });
    for (let number = 0; number < 5; number += 1)
      stage.pay(stage.actor(number), stage.at + minutes(20 * number), {
        merchantId: 'grocer',
        minor: stage.random.price(4_000),
        outcome: number < 3 ? 'failed' : 'captured',
        provider: providerOf(stage),
      });
    return routeOf(stage);
  }),
  harmless(kind, 'one buyer tries an empty card twenty times within the hour', (stage) => {
    flow(stage, { perHour: 10, from: stage.at - BEFORE, to: stage.at + AFTER });
    for (let turn = 0; turn < 20; turn += 1)
      stage.pay(stage.actor('stubborn'), stage.at + minutes(3 * turn), {
        merchantId: 'grocer',
        minor: 6_400,
        outcome: 'failed',
        provider: providerOf(stage),
        reason: 'insufficient_funds',
      });
    return routeOf(stage);
  }),
];

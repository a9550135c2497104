import { days, type InstantMs } from '#kernel/time';
import { type Incident, type IncidentKind, incidentKinds, moments, Stage } from '#simulator/incident';
import { merchantIncidents } from '#simulator/incidents-merchant';
import { networkIncidents } from '#simulator/incidents-network';
import { operatorIncidents } from '#simulator/incidents-operator';
import { routeIncidents } from '#simulator/incidents-route';
import { spendIncidents } from '#simulator/incidents-spend';
import { inOrderOfArrival, type SimulatedEvent } from '#simulator/teller';

export const incidents: readonly Incident[] = [
  ...networkIncidents,
  ...merchantIncidents,
  ...operatorIncidents,
  ...routeIncidents,
  ...spendIncidents,
];

/** An incident that was told, and whom it was about. */
export interface ToldIncident {
  readonly kind: IncidentKind;
  readonly name: string;
  readonly isLoss: boolean;
  readonly at: InstantMs;
  /** Keys of scopes, or accounts: a finding about any of them has found it. */
  readonly about: readonly string[];
  readonly alsoTrue: readonly string[];
}

export interface IncidentTraffic {
  readonly events: readonly SimulatedEvent[];
  readonly told: readonly ToldIncident[];
}

export interface IncidentOptions {
  readonly each: number;
  /** Payments a day of everybody else. */
  readonly ordinaryPerDay: number;
  readonly until: InstantMs;
  /** Default: all. */
  readonly kinds?: readonly IncidentKind[];
}

/** Incidents begin within a week, so long before the end that the last label and the last missing delivery are known. */
const BEGIN_BEFORE_END = days(50);
const PAST = days(62);

/** A platform on which each incident and each look-alike happens `each` times, among the payments of others. */
export function simulateIncidents({ each, ordinaryPerDay, until, kinds = incidentKinds }: IncidentOptions): IncidentTraffic {
  const events: SimulatedEvent[] = ordinaryPayments(ordinaryPerDay, until);
  const told = incidents.flatMap(({ kind, name, isLoss, tell }, number) =>
    !kinds.includes(kind)
      ? []
      : Array.from({ length: each }, (_, copy): ToldIncident => {
          const stage = new Stage(
            `i${number}-${copy}`,
            until - BEGIN_BEFORE_END + days((copy * 7) / each) + days(number % 7) / 7,
          );
          const about = tell(stage);
          for (const event of stage.told()) if (event.at < until) events.push(event);
          return { kind, name, isLoss, at: stage.at, about, alsoTrue: stage.alsoTrue };
        }),
  );
  return { events: inOrderOfArrival(events), told };
}

/** Shops, buyers and the usual share of fraud: one payment in two hundred. */
function ordinaryPayments(perDay: number, until: InstantMs): SimulatedEvent[] {
  const stage = new Stage('ordinary', until);
  const { random } = stage;
  for (const at of moments(random, perDay, until - BEGIN_BEFORE_END - PAST, until)) {
    const actor = stage.actor(random.between(0, perDay * 3));
    const minor = random.price(3_800);
    const outcome = random.chance(0.04) ? 'failed' : 'captured';
    const paymentId = stage.pay(actor, at, { merchantId: `ordinary-${random.between(1, 25)}`, minor, outcome });
    if (outcome === 'failed' || !random.chance(0.005)) continue;
    const chargeback = { chargebackId: actor.teller.name('chargeback'), paymentId, amount: { minor, currency: 'EUR' } };
    const openedAt = at + days(random.between(7, 21));
    if (openedAt < until) actor.teller.tell('chargeback.opened', openedAt, { ...chargeback, reasonCode: '10.4' });
  }
  return stage.told();
}

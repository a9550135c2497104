import type { Context, EventData, Instrument } from '#event/types';
import { days, type DurationMs, formatInstant, type InstantMs, minutes } from '#kernel/time';
import { type Buyer, makeBuyer } from '#simulator/buyer';
import { Random } from '#simulator/random';
import { PLATFORM_SOURCE, type SimulatedEvent, Teller } from '#simulator/teller';

/** What needs more than one account to be seen, or the figures of many payments. */
export const incidentKinds = [
  'credential-stuffing',
  'card-testing',
  'compromised-merchant',
  'merchant-anomaly',
  'insider-abuse',
  'payment-outage',
  'spend-outlier',
  'statement-without-order',
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** What happens to a place, a merchant, an operator, a route or a buyer, or looks like it. */
export interface Incident {
  readonly name: string;
  /** What it is, or what it might be taken for. */
  readonly kind: IncidentKind;
  readonly isLoss: boolean;
  /** Tells it and returns whom it is about, in the words of a finding's scope or account. */
  tell(stage: Stage): readonly string[];
}

export const incident = (kind: IncidentKind, name: string, tell: Incident['tell']): Incident => ({
  kind,
  name,
  isLoss: true,
  tell,
});
export const harmless = (kind: IncidentKind, name: string, tell: Incident['tell']): Incident => ({
  kind,
  name,
  isLoss: false,
  tell,
});

export interface Actor {
  readonly buyer: Buyer;
  readonly teller: Teller;
}

export interface PaymentWishes {
  readonly merchantId: string;
  readonly minor: number;
  readonly outcome?: 'captured' | 'failed' | 'unanswered';
  readonly context?: Context;
  readonly instrument?: Instrument;
  readonly provider?: string;
  readonly orderId?: string;
  readonly reason?: string;
}

/** Where one incident plays: actors and names of its own, and the moment at which it begins. */
export class Stage {
  private readonly actors = new Map<string, Actor>();
  private readonly ownerless: SimulatedEvent[] = [];
  /** What else is true of somebody in it, as `kind key`: a finding that says so is right, and none is missing. */
  readonly alsoTrue: string[] = [];
  readonly random: Random;

  constructor(
    readonly name: string,
    readonly at: InstantMs,
  ) {
    this.random = new Random(`incident-${name}`);
  }

  actor(number: number | string): Actor {
    const accountId = `${this.name}-${number}`;
    const known = this.actors.get(accountId);
    if (known !== undefined) return known;
    const actor = { buyer: makeBuyer(accountId, new Random(accountId)), teller: new Teller(accountId) };
    this.actors.set(accountId, actor);
    return actor;
  }

  /** An address of this incident only, the same for the same number. */
  address(number = 0): string {
    const chance = new Random(`${this.name}-${number}`);
    return `100.${chance.between(64, 127)}.${chance.between(0, 255)}.${chance.between(1, 254)}`;
  }

  /** A payment of euros, told by its outcome; returns its id. */
  pay({ buyer, teller }: Actor, at: InstantMs, wishes: PaymentWishes): string {
    const { merchantId, minor, outcome = 'captured', context = buyer.home, instrument = buyer.card, orderId, reason } = wishes;
    const paymentId = teller.name('pay');
    const payment = {
      paymentId,
      merchantId,
      amount: { minor, currency: 'EUR' },
      instrument,
      provider: wishes.provider ?? buyer.provider,
      idempotencyKey: `key-${paymentId}`,
      context,
      ...(orderId === undefined ? {} : { orderId }),
    };
    if (outcome === 'captured') teller.tell('payment.captured', at, payment);
    else teller.tell('payment.created', at, payment);
    if (outcome === 'failed') {
      const { amount } = payment;
      teller.tell('payment.failed', at + 2_000, {
        paymentId,
        merchantId,
        amount,
        instrument,
        context,
        reason: reason ?? 'do_not_honor',
      });
    }
    return paymentId;
  }

  /** An event of no account: the platform's own statement. */
  tellNobody(type: 'statement.line', at: InstantMs, data: EventData<'statement.line'>): void {
    const event = { specversion: '1.0', id: `${this.name}-${this.ownerless.length}`, source: PLATFORM_SOURCE, type } as const;
    this.ownerless.push({ at, arrivesAt: at, accountId: '', event: { ...event, time: formatInstant(at), data } });
  }

  told(): SimulatedEvent[] {
    return [...this.ownerless, ...[...this.actors.values()].flatMap(({ teller }) => teller.told)];
  }
}

/** Moments of a day and night of shoppers, so many a day on average, from `from` until `to`. */
export function moments(random: Random, perDay: number, from: InstantMs, to: InstantMs): InstantMs[] {
  const found: InstantMs[] = [];
  const step = days(1) / perDay;
  for (let at = from - step * Math.log(1 - random.next()); at < to; at -= step * Math.log(1 - random.next())) {
    if (random.chance(isNight(at) ? 0.3 : 1)) found.push(Math.round(at));
  }
  return found;
}

const isNight = (at: InstantMs): boolean => new Date(at).getUTCHours() < 7;

/** A working day's moment near `at`: between 8 and 16 o'clock UTC. */
export const inOffice = (random: Random, at: InstantMs): InstantMs =>
  Math.floor(at / days(1)) * days(1) + minutes(random.between(8 * 60, 16 * 60 - 1));

export const within = (random: Random, at: InstantMs, length: DurationMs): InstantMs => at + Math.floor(random.next() * length);

import type { Instrument } from '#event/types';
import { days, hours, type InstantMs, minutes } from '#kernel/time';
import { type Actor, harmless, inOffice, incident, type Incident, type Stage, within } from '#simulator/incident';

const operatorOf = (stage: Stage): string => `agent-${stage.name}`;
const ACTS_BEFORE = 130;

interface RefundWishes {
  readonly operatorId: string;
  readonly minor?: number;
  readonly instrument?: Instrument;
  /** Whether the buyer asked for it. Default true. */
  readonly asked?: boolean;
}
interface Bought {
  readonly actor: Actor;
  readonly paymentId: string;
  readonly minor: number;
}

function bought(stage: Stage, name: number | string, at: InstantMs): Bought {
  const actor = stage.actor(name);
  const minor = stage.random.price(4_000);
  return {
    actor,
    paymentId: stage.pay(actor, at, { merchantId: `desk-${stage.name}-${stage.random.between(1, 60)}`, minor }),
    minor,
  };
}

function pay(of: Bought, at: InstantMs, { operatorId, minor = of.minor, instrument, asked = true }: RefundWishes): void {
  const { teller, buyer } = of.actor;
  const steps = { refundId: teller.name('refund'), paymentId: of.paymentId, amount: { minor, currency: 'EUR' } };
  if (asked) teller.tell('refund.requested', at - hours(5), { ...steps, reason: 'returned' });
  const to = { ...steps, instrument: instrument ?? buyer.card };
  teller.tell('refund.approved', at, { ...to, operatorId });
  teller.tell('refund.submitted', at + minutes(20), to);
  teller.tell('refund.succeeded', at + hours(8), to);
}

/** A month of an agent's work: refunds that buyers asked for, details changed because they called. */
function work(stage: Stage, acts = ACTS_BEFORE, when: (at: InstantMs) => InstantMs = (at) => inOffice(stage.random, at)): void {
  const operatorId = operatorOf(stage);
  for (let number = 0; number < acts; number += 1) {
    const at = when(stage.at - days(35) + Math.floor((number * days(35)) / acts));
    if (number % 5 === 4) {
      const { teller, buyer } = stage.actor(number);
      teller.tell('account.contact_changed', at, { operatorId, field: 'phone', how: 'change', context: buyer.home });
    } else pay(bought(stage, number, at - days(4)), at, { operatorId });
  }
}

const atNoon = (at: InstantMs): InstantMs => Math.floor(at / days(1)) * days(1) + hours(12);
const atNight = (at: InstantMs): InstantMs => Math.floor(at / days(1)) * days(1) + hours(2) + minutes(10);
const ownCard = (stage: Stage): Instrument => ({ kind: 'card', fingerprint: `own-${operatorOf(stage)}`, scheme: 'visa' });

const kind = 'insider-abuse';

export const operatorIncidents: readonly Incident[] = [
  incident(kind, 'bank details changed, then a refund to them, of three buyers', (stage) => {
    work(stage);
    const operatorId = operatorOf(stage);
    for (let number = 0; number < 3; number += 1) {
      const victim = bought(stage, `victim-${number}`, stage.at - days(6));
      const at = atNoon(stage.at + days(number));
      victim.actor.teller.tell('account.payout_changed', at, { operatorId, how: 'change' });
      pay(victim, at + minutes(30), { operatorId, instrument: ownCard(stage), asked: false });
    }
    return [operatorId];
  }),
  incident(kind, 'refunds of four buyers to one card of nobody', (stage) => {
    work(stage);
    for (let number = 0; number < 4; number += 1) {
      const victim = bought(stage, `victim-${number}`, stage.at - days(6));
      pay(victim, atNoon(stage.at + days(number)), { operatorId: operatorOf(stage), instrument: ownCard(stage), asked: false });
    }
    return [operatorOf(stage)];
  }),
  incident(kind, 'the same refund twice, above the payment, at night', (stage) => {
    work(stage);
    const friend = bought(stage, 'friend', stage.at - days(6));
    for (let turn = 0; turn < 2; turn += 1)
      pay(friend, atNight(stage.at + days(turn)), { operatorId: operatorOf(stage), asked: false });
    return [operatorOf(stage)];
  }),
  incident(kind, 'a friend’s purchases, all refunded though nobody asked, at night', (stage) => {
    work(stage);
    for (let turn = 0; turn < 8; turn += 1) {
      const purchase = bought(stage, 'friend', stage.at - days(10 + turn));
      pay(purchase, atNight(stage.at + days(turn)), { operatorId: operatorOf(stage), asked: false });
    }
    return [operatorOf(stage)];
  }),
  incident(kind, 'credits to a friend’s wallet, twenty in a month', (stage) => {
    work(stage);
    const { teller } = stage.actor('friend');
    for (let turn = 0; turn < 20; turn += 1) {
      const amount = { minor: 5_000, currency: 'EUR' };
      const entry = { entryId: teller.name('entry'), amount, reference: 'goodwill', operatorId: operatorOf(stage) };
      teller.tell('wallet.credited', inOffice(stage.random, stage.at + days(turn)), entry);
    }
    return [operatorOf(stage)];
  }),
  harmless(kind, 'an agent who handles many refunds properly', (stage) => {
    work(stage, 450);
    return [operatorOf(stage)];
  }),
  harmless(kind, 'an agent who works at night', (stage) => {
    work(stage, ACTS_BEFORE, atNight);
    return [operatorOf(stage)];
  }),
  harmless(kind, 'an agent whose shift was moved to the night', (stage) => {
    work(stage);
    for (let number = 0; number < 20; number += 1) {
      const at = atNight(stage.at + days(Math.floor(number / 3))) + minutes(11 * (number % 3));
      pay(bought(stage, `night-${number}`, at - days(5)), at, { operatorId: operatorOf(stage) });
    }
    return [operatorOf(stage)];
  }),
  harmless(kind, 'a card was lost: the buyer adds another, the agent pays there', (stage) => {
    work(stage);
    const of = bought(stage, 'buyer', stage.at - days(6));
    const { teller, buyer } = of.actor;
    const instrument = buyer.otherCard;
    teller.tell('account.instrument_added', stage.at - hours(20), { context: buyer.home, instrument });
    pay(of, atNoon(stage.at), { operatorId: operatorOf(stage), instrument });
    return [operatorOf(stage)];
  }),
  harmless(kind, 'a new address by telephone, next day a refund to the own card', (stage) => {
    work(stage);
    const of = bought(stage, 'buyer', stage.at - days(6));
    const operatorId = operatorOf(stage);
    of.actor.teller.tell('account.address_changed', atNoon(stage.at), { operatorId, how: 'change' });
    pay(of, atNoon(stage.at + days(1)), { operatorId });
    return [operatorOf(stage)];
  }),
  harmless(kind, 'two refunds of one payment, a part each', (stage) => {
    work(stage);
    const of = bought(stage, 'buyer', stage.at - days(6));
    const first = Math.floor(of.minor / 3);
    pay(of, atNoon(stage.at), { operatorId: operatorOf(stage), minor: Math.max(1, first) });
    pay(of, atNoon(stage.at + days(2)), { operatorId: operatorOf(stage), minor: of.minor - Math.max(1, first) });
    return [operatorOf(stage)];
  }),
  harmless(kind, 'a buyer who returns much: six refunds by the agent who knows them', (stage) => {
    work(stage);
    for (let turn = 0; turn < 6; turn += 1) {
      const at = inOffice(stage.random, within(stage.random, stage.at, days(20)));
      pay(bought(stage, 'regular', at - days(5)), at, { operatorId: operatorOf(stage) });
    }
    return [operatorOf(stage)];
  }),
];

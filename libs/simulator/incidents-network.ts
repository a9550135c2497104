import type { Context } from '#event/types';
import { hours, minutes, seconds, type InstantMs } from '#kernel/time';
import { harmless, incident, type Incident, type Stage, within } from '#simulator/incident';

const logIn = (stage: Stage, number: number, at: InstantMs, works: boolean, context: Context): void =>
  void stage.actor(number).teller.tell(works ? 'account.logged_in' : 'account.login_failed', at, { context, method: 'password' });

/** Accounts that their owners use at home, some days before. */
function live(stage: Stage, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const actor = stage.actor(number);
    const at = within(stage.random, stage.at - hours(200), hours(150));
    actor.teller.tell('account.logged_in', at, { context: actor.buyer.home, method: 'password' });
    stage.pay(actor, at + minutes(4), { merchantId: 'grocer', minor: stage.random.price(3_500) });
  }
}

/** People who share an address: most come in at once, some mistype first, a few give up. */
function shareAddress(stage: Stage, people: number, length: number, mistype: number, giveUp: number): readonly string[] {
  const ip = stage.address();
  for (let number = 0; number < people; number += 1) {
    const at = within(stage.random, stage.at, length);
    const context = { ...stage.actor(number).buyer.home, ip };
    const gives = stage.random.chance(giveUp);
    if (gives || stage.random.chance(mistype)) logIn(stage, number, at, false, context);
    if (!gives) logIn(stage, number, at + seconds(stage.random.between(20, 90)), true, context);
  }
  return [ip];
}

/** Pairs of name and password out of a leak: one in forty still opens. */
function tryList(stage: Stage, accounts: number, step: number, place: (number: number) => Context): void {
  live(stage, accounts);
  for (let number = 0; number < accounts; number += 1) {
    logIn(stage, number, stage.at + number * step + stage.random.between(0, 900), number % 40 === 17, place(number));
  }
}

const credentialStuffing: readonly Incident[] = [
  incident('credential-stuffing', 'a leaked list from one server, twenty minutes', (stage) => {
    const ip = stage.address();
    tryList(stage, 60, seconds(20), () => ({ ip, userAgent: 'python-requests/2.32' }));
    return [ip];
  }),
  incident('credential-stuffing', 'a leaked list from one server, slowly: one in nine minutes', (stage) => {
    const ip = stage.address();
    tryList(stage, 45, minutes(9), () => ({ ip }));
    return [ip];
  }),
  incident('credential-stuffing', 'one device behind an address for every three tries', (stage) => {
    const deviceId = `rig-${stage.name}`;
    tryList(stage, 50, seconds(30), (number) => ({ ip: stage.address(1 + Math.floor(number / 3)), deviceId }));
    return [deviceId];
  }),
  incident('credential-stuffing', 'a network of infected computers, each two tries', (stage) => {
    const ips = Array.from({ length: 30 }, (_, number) => stage.address(1 + number));
    tryList(stage, 60, seconds(20), (number) => ({ ip: ips[number >> 1] as string }));
    return ips;
  }),
  harmless('credential-stuffing', 'an office behind one address', (stage) => shareAddress(stage, 80, hours(8), 0.08, 0.005)),
  harmless('credential-stuffing', 'a mobile carrier behind one address', (stage) =>
    shareAddress(stage, 1_200, hours(16), 0.06, 0.01),
  ),
  harmless('credential-stuffing', 'a family on one device', (stage) => {
    const context = { ...stage.actor(0).buyer.home };
    for (let number = 0; number < 5; number += 1) {
      if (number < 2) logIn(stage, number, stage.at + minutes(12 * number), false, context);
      logIn(stage, number, stage.at + minutes(12 * number + 1), true, context);
    }
    return [context.ip, context.deviceId];
  }),
  harmless('credential-stuffing', 'one buyer who forgot the password: fifteen tries', (stage) => {
    const context = stage.actor(0).buyer.home;
    for (let turn = 0; turn < 15; turn += 1) logIn(stage, 0, stage.at + seconds(25 * turn), false, context);
    return [context.ip, context.deviceId];
  }),
  harmless('credential-stuffing', 'an office on the morning after every password expired', (stage) => {
    const ip = stage.address();
    for (let number = 0; number < 40; number += 1) {
      const at = within(stage.random, stage.at, hours(1));
      const { buyer, teller } = stage.actor(number);
      const context = { ...buyer.home, ip };
      if (stage.random.chance(0.3)) {
        logIn(stage, number, at, false, context);
        teller.tell('account.password_changed', at + minutes(3), { context, how: 'reset' });
      }
      logIn(stage, number, at + minutes(4), true, context);
    }
    return [ip];
  }),
  harmless('credential-stuffing', 'the log-in service was down: an office came in half an hour later', (stage) => {
    const ip = stage.address();
    for (let number = 0; number < 30; number += 1) {
      const context = { ...stage.actor(number).buyer.home, ip };
      logIn(stage, number, within(stage.random, stage.at, minutes(15)), false, context);
      logIn(stage, number, within(stage.random, stage.at + minutes(30), minutes(20)), true, context);
    }
    return [ip];
  }),
];

const charityOf = (stage: Stage): string => `charity-${stage.name}`;

const cardOf = (stage: Stage, number: number) => ({
  kind: 'card' as const,
  fingerprint: `stolen-${stage.name}-${number}`,
  scheme: 'visa',
});

interface Trial {
  readonly cards: number;
  readonly step: number;
  readonly merchantId: string;
  readonly account: (number: number) => number;
  readonly place: (number: number) => Context;
}

/** Stolen numbers, tried with some cents each: one in seven is still good. */
function tryCards(stage: Stage, { cards, step, merchantId, account, place }: Trial): void {
  for (let number = 0; number < cards; number += 1) {
    stage.pay(stage.actor(account(number)), stage.at + number * step + stage.random.between(0, 900), {
      merchantId,
      minor: stage.random.between(50, 300),
      outcome: number % 7 === 3 ? 'captured' : 'failed',
      instrument: cardOf(stage, number),
      context: place(number),
    });
  }
}

/** Buyers of their own, each with a first small payment; one in twenty is declined. */
function firstPayments(stage: Stage, buyers: number, length: number, merchantId: string, place?: Context): void {
  for (let number = 0; number < buyers; number += 1) {
    const actor = stage.actor(number);
    stage.pay(actor, within(stage.random, stage.at, length), {
      merchantId,
      minor: stage.random.between(300, 990),
      outcome: stage.random.chance(0.05) ? 'failed' : 'captured',
      context: { ...actor.buyer.home, ...place },
    });
  }
}

const cardTesting: readonly Incident[] = [
  incident('card-testing', 'forty cards from one account', (stage) => {
    const [ip, deviceId, merchantId] = [stage.address(), `rig-${stage.name}`, charityOf(stage)];
    tryCards(stage, { cards: 40, step: seconds(25), merchantId, account: () => 0, place: () => ({ ip, deviceId }) });
    return [ip, deviceId, merchantId];
  }),
  incident('card-testing', 'an account for every card, from one address', (stage) => {
    const [ip, merchantId] = [stage.address(), charityOf(stage)];
    tryCards(stage, { cards: 30, step: seconds(60), merchantId, account: (number) => number, place: () => ({ ip }) });
    return [ip, merchantId];
  }),
  incident('card-testing', 'a card in ten minutes from one address', (stage) => {
    const [ip, merchantId] = [stage.address(), charityOf(stage)];
    tryCards(stage, { cards: 30, step: minutes(10), merchantId, account: () => 0, place: () => ({ ip }) });
    return [ip, merchantId];
  }),
  incident('card-testing', 'a donation page: four accounts, an address for every card', (stage) => {
    const merchantId = `donations-${stage.name}`;
    const place = (number: number): Context => ({ ip: stage.address(1 + number) });
    tryCards(stage, { cards: 90, step: seconds(25), merchantId, account: (number) => number % 4, place });
    return [merchantId];
  }),
  incident('card-testing', 'a donation page: an account and an address for every card', (stage) => {
    const merchantId = `donations-${stage.name}`;
    const place = (number: number): Context => ({ ip: stage.address(1 + number) });
    tryCards(stage, { cards: 120, step: seconds(25), merchantId, account: (number) => number, place });
    return [merchantId];
  }),
  harmless('card-testing', 'a bookshop with many small first payments', (stage) => {
    firstPayments(stage, 300, hours(10), `books-${stage.name}`);
    return [`books-${stage.name}`];
  }),
  harmless('card-testing', 'a fair: everybody pays at the tablet of the stand', (stage) => {
    const place = { ip: stage.address(), deviceId: `tablet-${stage.name}` };
    firstPayments(stage, 60, hours(3), `stand-${stage.name}`, place);
    return [place.ip, place.deviceId, `stand-${stage.name}`];
  }),
  harmless('card-testing', 'an office orders lunch for the first time', (stage) => {
    const ip = stage.address();
    firstPayments(stage, 40, hours(1), `canteen-${stage.name}`, { ip });
    return [ip, `canteen-${stage.name}`];
  }),
  harmless('card-testing', 'a family with five cards on one device', (stage) => {
    const place = stage.actor(0).buyer.home;
    for (let number = 0; number < 5; number += 1) {
      const outcome = number < 2 ? 'failed' : 'captured';
      const wishes = { merchantId: 'toyshop', minor: stage.random.between(300, 990), context: place } as const;
      stage.pay(stage.actor(0), stage.at + minutes(6 * number), { ...wishes, outcome, instrument: cardOf(stage, number) });
    }
    return [place.ip, place.deviceId];
  }),
  harmless('card-testing', 'one empty card, tried nine times', (stage) => {
    const actor = stage.actor(0);
    for (let turn = 0; turn < 9; turn += 1) {
      const wishes = { merchantId: 'toyshop', minor: 450, outcome: 'failed', reason: 'insufficient_funds' } as const;
      stage.pay(actor, stage.at + minutes(2 * turn), wishes);
    }
    return [actor.buyer.home.ip, actor.buyer.home.deviceId];
  }),
  harmless('card-testing', 'a provider is down: declined small payments of a carrier’s customers', (stage) => {
    const [ip, provider] = [stage.address(), `provider-${stage.name}`];
    for (let number = 0; number < 25; number += 1) {
      const actor = stage.actor(number);
      const at = within(stage.random, stage.at, minutes(40));
      const wishes = { merchantId: `shop-${stage.name}-${number % 5}`, minor: stage.random.between(300, 990) };
      stage.pay(actor, at, {
        ...wishes,
        outcome: 'failed',
        context: { ...actor.buyer.home, ip },
        provider,
        reason: 'processor_down',
      });
      stage.pay(actor, at + hours(2), { ...wishes, context: { ...actor.buyer.home, ip } });
    }
    return [ip];
  }),
];

export const networkIncidents: readonly Incident[] = [...credentialStuffing, ...cardTesting];

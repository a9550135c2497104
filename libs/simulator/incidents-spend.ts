import { days, formatInstant, hours, type InstantMs, minutes } from '#kernel/time';
import { type Actor, harmless, incident, type Incident, type Stage, within } from '#simulator/incident';

const USUAL = 3_500;

const spend = (stage: Stage, actor: Actor, at: InstantMs, minor: number, merchantId = 'grocer'): string =>
  stage.pay(actor, at, { merchantId, minor });

/** A buyer with two months of purchases, each around the usual sum. */
function buyer(stage: Stage, count = 25, price: () => number = () => stage.random.price(USUAL)): Actor {
  const actor = stage.actor('buyer');
  for (let number = count; number > 0; number -= 1)
    spend(stage, actor, within(stage.random, stage.at - days(2.2 * number), days(1)), price());
  return actor;
}

const several = (
  stage: Stage,
  actor: Actor,
  count: number,
  step: number,
  times: number,
  merchantId: string,
): readonly string[] => {
  for (let number = 0; number < count; number += 1)
    spend(stage, actor, stage.at + number * step, stage.random.price(USUAL * times), merchantId);
  return [actor.buyer.accountId];
};

const kind = 'spend-outlier';

const outliers: readonly Incident[] = [
  incident(kind, 'four payments of twelve times the usual within three hours', (stage) =>
    several(stage, buyer(stage), 4, minutes(50), 12, 'electronics-1'),
  ),
  incident(kind, 'two gift cards of thirty times the usual', (stage) =>
    several(stage, buyer(stage), 2, minutes(12), 30, 'gift-cards'),
  ),
  incident(kind, 'one payment of forty times the usual', (stage) =>
    several(stage, buyer(stage), 1, hours(1), 40, 'electronics-2'),
  ),
  harmless(kind, 'a buyer whose sums always vary widely', (stage) => {
    const price = () => Math.max(100, Math.round(stage.random.price(USUAL) * 4 ** (2 * stage.random.next() - 1)));
    const actor = buyer(stage, 40, price);
    for (let turn = 0; turn < 10; turn += 1) spend(stage, actor, stage.at + days(turn), price());
    return [actor.buyer.accountId];
  }),
  harmless(kind, 'Christmas: five presents of three times the usual in a day', (stage) =>
    several(stage, buyer(stage), 5, hours(1.5), 3, 'toyshop'),
  ),
  harmless(kind, 'a new buyer: three purchases, then a washing machine', (stage) =>
    several(stage, buyer(stage, 3), 1, hours(1), 14, 'electronics-3'),
  ),
  harmless(kind, 'a holiday, paid at once', (stage) => several(stage, buyer(stage), 1, hours(1), 20, 'travel')),
  harmless(kind, 'a move: three pieces of furniture within two days', (stage) =>
    several(stage, buyer(stage), 3, hours(17), 12, 'furniture'),
  ),
  harmless(kind, 'rent each month, beside small purchases', (stage) => {
    const actor = buyer(stage, 30);
    for (const at of [-62, -31, 0]) spend(stage, actor, stage.at + days(at), 95_000, 'landlord');
    return [actor.buyer.accountId];
  }),
];

const nobodysLine = (stage: Stage, more: object, direction: 'debit' | 'credit' = 'debit'): readonly string[] => {
  const lineId = `line-${stage.name}`;
  const amount = { minor: stage.random.price(USUAL), currency: 'EUR' };
  stage.tellNobody('statement.line', stage.at, { lineId, bookedAt: formatInstant(stage.at), amount, direction, ...more });
  return [lineId];
};

const lines: readonly Incident[] = [
  incident('statement-without-order', 'a line of the platform’s own statement, of nobody', (stage) => nobodysLine(stage, {})),
  harmless('statement-without-order', 'a line of nobody that names a payment', (stage) => {
    const actor = stage.actor(0);
    const reference = spend(stage, actor, stage.at - days(2), stage.random.price(USUAL));
    return nobodysLine(stage, { reference });
  }),
  harmless('statement-without-order', 'a credit of nobody', (stage) => nobodysLine(stage, {}, 'credit')),
];

export const spendIncidents: readonly Incident[] = [...outliers, ...lines];

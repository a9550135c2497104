import { days, hours, type InstantMs, minutes } from '#kernel/time';
import { type Actor, harmless, incident, type Incident, moments, type Stage, within } from '#simulator/incident';

/** A shop, its usual trade before and after `stage.at`, and its payments. */
interface Shop {
  readonly merchantId: string;
  readonly paid: Paid[];
}
interface Paid {
  readonly actor: Actor;
  readonly paymentId: string;
  readonly at: InstantMs;
  readonly minor: number;
}
interface Trade {
  readonly perDay: number;
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly usualMinor?: number;
  /** Share of payments that are refunded after some days. */
  readonly refunded?: number;
  readonly complaints?: number;
}

const BEFORE = days(50);
const AFTER = days(30);
const USUAL_REFUNDS = 0.05;

const shopOf = (stage: Stage): Shop => ({ merchantId: `shop-${stage.name}`, paid: [] });

/** Payments of buyers who come again now and then. */
function trade(
  stage: Stage,
  shop: Shop,
  { perDay, from, to, usualMinor = 4_000, refunded = USUAL_REFUNDS, complaints = 0.003 }: Trade,
): Paid[] {
  const { random } = stage;
  const clients = Math.max(30, Math.round(perDay * 12));
  const told = moments(random, perDay, from, to).map((at): Paid => {
    const actor = stage.actor(random.between(0, clients));
    const minor = random.price(usualMinor);
    const paymentId = stage.pay(actor, at, { merchantId: shop.merchantId, minor });
    const paid = { actor, paymentId, at, minor };
    if (random.chance(refunded)) refundOne(actor, paid, within(random, at + days(1), days(5)));
    if (random.chance(complaints)) complain(paid, within(random, at + days(1), days(5)));
    return paid;
  });
  shop.paid.push(...told);
  return told;
}

const usually = (stage: Stage, shop: Shop, perDay: number, more: Partial<Trade> = {}): Paid[] =>
  trade(stage, shop, { perDay, from: stage.at - BEFORE, to: stage.at, ...more });

function refundOne({ buyer, teller }: Actor, { paymentId, minor }: Paid, at: InstantMs, reason = 'returned'): void {
  const steps = {
    refundId: teller.name('refund'),
    paymentId,
    amount: { minor, currency: 'EUR' },
    instrument: buyer.card,
    reason,
  };
  teller.tell('refund.approved', at - minutes(50), steps);
  teller.tell('refund.succeeded', at, steps);
}

const complain = ({ actor: { teller }, paymentId }: Paid, at: InstantMs): void =>
  void teller.tell('complaint.filed', at, { complaintId: teller.name('complaint'), about: 'merchant', paymentId });

/** A label as late as labels are: one to three weeks. */
function chargeBack(stage: Stage, { actor: { teller }, paymentId, at, minor }: Paid, reasonCode = '10.4'): void {
  const chargeback = { chargebackId: teller.name('chargeback'), paymentId, amount: { minor, currency: 'EUR' }, reasonCode };
  teller.tell('chargeback.opened', within(stage.random, at + days(7), days(14)), { ...chargeback, scheme: 'visa' });
}

const someOf = (stage: Stage, paid: readonly Paid[], share: number): Paid[] => paid.filter(() => stage.random.chance(share));

/** The terminal leaks for some days: a share of what was paid there is charged back, and the sums were usual. */
function leak(stage: Stage, perDay: number, share: number, length: number): readonly string[] {
  const shop = shopOf(stage);
  usually(stage, shop, perDay);
  const leaked = trade(stage, shop, { perDay, from: stage.at, to: stage.at + length });
  for (const paid of someOf(stage, leaked, share)) chargeBack(stage, paid);
  trade(stage, shop, { perDay, from: stage.at + length, to: stage.at + AFTER });
  return [shop.merchantId];
}

const kind = 'compromised-merchant';
const compromised: readonly Incident[] = [
  incident(kind, 'half of the payments of two weeks are fraud', (stage) => leak(stage, 12, 0.5, days(14))),
  incident(kind, 'one payment in seven of four weeks is fraud', (stage) => leak(stage, 12, 0.15, days(28))),
  incident(kind, 'a small shop: all of two weeks', (stage) => leak(stage, 2.5, 1, days(14))),
  incident(kind, 'cards skimmed here, misused elsewhere ten days later', (stage) => {
    const shop = shopOf(stage);
    usually(stage, shop, 12);
    const skimmed = trade(stage, shop, { perDay: 12, from: stage.at, to: stage.at + days(7) });
    for (const { actor, at } of someOf(stage, skimmed, 0.4)) {
      const minor = stage.random.price(30_000);
      const spentAt = within(stage.random, at + days(5), days(7));
      stage.alsoTrue.push(`spend-outlier ${actor.buyer.accountId}`);
      const paymentId = stage.pay(actor, spentAt, { merchantId: `ordinary-${stage.random.between(1, 25)}`, minor });
      chargeBack(stage, { actor, paymentId, at: spentAt, minor });
    }
    return [shop.merchantId];
  }),
  harmless(kind, 'one payment in a hundred is fraud, as everywhere', (stage) => {
    const shop = shopOf(stage);
    for (const paid of someOf(stage, usually(stage, shop, 15, { to: stage.at + AFTER }), 0.01)) chargeBack(stage, paid);
    return [shop.merchantId];
  }),
  harmless(kind, 'a large shop with thirty frauds among three thousand payments', (stage) => {
    const shop = shopOf(stage);
    for (const paid of usually(stage, shop, 60)
      .slice(-1_500)
      .filter((_, index) => index % 100 === 7))
      chargeBack(stage, paid);
    return [shop.merchantId];
  }),
  harmless(kind, 'one thief, one stolen card, six payments', (stage) => {
    const shop = shopOf(stage);
    usually(stage, shop, 8);
    const victim = stage.actor('victim');
    for (let turn = 0; turn < 20; turn += 1)
      stage.pay(victim, stage.at - days(2 * turn + 3), { merchantId: 'grocer', minor: stage.random.price(3_500) });
    stage.alsoTrue.push(`spend-outlier ${victim.buyer.accountId}`);
    for (let turn = 0; turn < 6; turn += 1) {
      const [at, minor] = [stage.at + hours(turn), stage.random.price(20_000)];
      chargeBack(stage, { actor: victim, paymentId: stage.pay(victim, at, { merchantId: shop.merchantId, minor }), at, minor });
    }
    trade(stage, shop, { perDay: 8, from: stage.at, to: stage.at + AFTER });
    return [shop.merchantId];
  }),
  harmless(kind, 'where stolen cards are spent: four in a hundred, of ten times the buyer’s usual sum', (stage) => {
    const shop = shopOf(stage);
    usually(stage, shop, 10, { usualMinor: 12_000 });
    for (let number = 0; number < 14; number += 1) {
      const victim = stage.actor(`victim-${number}`);
      stage.alsoTrue.push(`spend-outlier ${victim.buyer.accountId}`);
      for (let turn = 0; turn < 20; turn += 1)
        stage.pay(victim, stage.at - days(2 * turn + 3), { merchantId: 'grocer', minor: stage.random.price(3_500) });
      const [at, minor] = [within(stage.random, stage.at, days(28)), stage.random.price(45_000)];
      chargeBack(stage, { actor: victim, paymentId: stage.pay(victim, at, { merchantId: shop.merchantId, minor }), at, minor });
    }
    trade(stage, shop, { perDay: 10, from: stage.at, to: stage.at + AFTER, usualMinor: 12_000 });
    return [shop.merchantId];
  }),
  harmless(kind, 'a shop whose buyers dispute the quality: one in twelve', (stage) => {
    const shop = shopOf(stage);
    for (const paid of someOf(stage, usually(stage, shop, 10, { to: stage.at + AFTER }), 0.08)) chargeBack(stage, paid, '13.3');
    return [shop.merchantId];
  }),
];

const unlike = 'merchant-anomaly';

/** Orders on the way to their buyers; from `failsFrom` on, nothing arrives any more. */
function sendOrders(stage: Stage, shop: Shop, failsFrom: InstantMs): void {
  for (const at of moments(stage.random, 8, stage.at - BEFORE, stage.at + days(6))) {
    const actor = stage.actor(stage.random.between(0, 90));
    const orderId = actor.teller.name('order');
    const total = { minor: stage.random.price(4_000), currency: 'EUR' };
    actor.teller.tell('order.placed', at - minutes(2), { orderId, merchantId: shop.merchantId, total });
    stage.pay(actor, at, { merchantId: shop.merchantId, minor: total.minor, orderId });
    actor.teller.tell('order.confirmed', at + minutes(1), { orderId });
    if (at < failsFrom) actor.teller.tell('delivery.delivered', at + days(3), { orderId });
  }
}

/** `perDay` until the day, then other trade, then as before. */
function changeFor(stage: Stage, perDay: number, length: number, change: Partial<Trade>): readonly string[] {
  const shop = shopOf(stage);
  usually(stage, shop, perDay);
  trade(stage, shop, { perDay, from: stage.at, to: stage.at + length, ...change });
  trade(stage, shop, { perDay, from: stage.at + length, to: stage.at + AFTER });
  return [shop.merchantId];
}

const anomalies: readonly Incident[] = [
  incident(unlike, 'nearly half of a week’s payments are refunded', (stage) => changeFor(stage, 20, days(7), { refunded: 0.45 })),
  incident(unlike, 'five times the usual prices for two days', (stage) => changeFor(stage, 20, days(2), { usualMinor: 20_000 })),
  incident(unlike, 'one in seven of a week complains', (stage) => changeFor(stage, 20, days(7), { complaints: 0.15 })),
  incident(unlike, 'goods no longer arrive', (stage) => {
    const shop = shopOf(stage);
    sendOrders(stage, shop, stage.at);
    return [shop.merchantId];
  }),
  incident(unlike, 'a licence revoked', (stage) => {
    const shop = shopOf(stage);
    const { teller } = stage.actor('clerk');
    teller.tell('merchant.vetted', stage.at - days(45), { merchantId: shop.merchantId, outcome: 'passed' });
    usually(stage, shop, 5);
    teller.tell('merchant.vetted', stage.at, { merchantId: shop.merchantId, outcome: 'revoked' });
    return [shop.merchantId];
  }),
  incident(unlike, 'refunds rise from one in twenty to one in seven, and stay', (stage) =>
    changeFor(stage, 20, AFTER, { refunded: 0.15 }),
  ),
  harmless(unlike, 'a recall: all who bought it within a month are refunded in three days', (stage) => {
    const shop = shopOf(stage);
    const paid = usually(stage, shop, 20, { refunded: 0.02 }).filter(({ at }) => at > stage.at - days(30));
    for (const one of someOf(stage, paid, 0.12)) refundOne(one.actor, one, within(stage.random, stage.at, days(3)), 'recall');
    trade(stage, shop, { perDay: 20, from: stage.at, to: stage.at + AFTER });
    return [shop.merchantId];
  }),
  harmless(unlike, 'a sale: four times the buyers, a third off, one in twelve refunded', (stage) =>
    changeFor(stage, 15, days(7), { perDay: 60, usualMinor: 2_700, refunded: 0.08 }),
  ),
  harmless(unlike, 'Christmas: three times the buyers, who return things when it is over', (stage) => {
    const shop = shopOf(stage);
    usually(stage, shop, 12);
    const gifts = trade(stage, shop, { perDay: 36, from: stage.at, to: stage.at + days(14), refunded: 0.03 });
    for (const one of someOf(stage, gifts, 0.07)) refundOne(one.actor, one, within(stage.random, stage.at + days(16), days(8)));
    trade(stage, shop, { perDay: 12, from: stage.at + days(14), to: stage.at + AFTER });
    return [shop.merchantId];
  }),
  harmless(unlike, 'a small shop: two payments a day, three refunds in one week', (stage) => {
    const shop = shopOf(stage);
    const last = usually(stage, shop, 2.5, { refunded: 0.03 }).slice(-3);
    for (const one of last) refundOne(one.actor, one, within(stage.random, stage.at, days(5)));
    return [shop.merchantId];
  }),
  harmless(unlike, 'everything is a sixth dearer from one day on', (stage) => changeFor(stage, 20, AFTER, { usualMinor: 4_650 })),
  harmless(unlike, 'the shop also sells furniture now', (stage) => {
    const shop = shopOf(stage);
    usually(stage, shop, 18, { to: stage.at + AFTER });
    trade(stage, shop, { perDay: 1.5, from: stage.at, to: stage.at + AFTER, usualMinor: 40_000 });
    return [shop.merchantId];
  }),
  harmless(unlike, 'vetted again in time', (stage) => {
    const shop = shopOf(stage);
    const { teller } = stage.actor('clerk');
    for (const at of [stage.at - days(45), stage.at])
      teller.tell('merchant.vetted', at, { merchantId: shop.merchantId, outcome: 'passed' });
    usually(stage, shop, 5);
    return [shop.merchantId];
  }),
];

export const merchantIncidents: readonly Incident[] = [...compromised, ...anomalies];

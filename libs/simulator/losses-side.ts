import { days, hours, minutes } from '#kernel/time';
import { inCurrencyOf } from '#simulator/buyer';
import { buy, refund, REFUND_MS } from '#simulator/purchase';
import { after, type Loss, plant } from '#simulator/story';

/** A booking fee that nobody showed at checkout. */
const hiddenFee: Loss = {
  name: 'fee beside the order',
  kind: 'undisclosed-fee',
  needsMs: hours(1),
  live: true,
  tell(scene) {
    const bought = buy(scene);
    const amount = inCurrencyOf(scene.buyer, Math.max(1, Math.round(bought.total.minor * 0.07)));
    const at = after(scene, minutes(5));
    scene.teller.tell('fee.charged', at, { feeId: scene.teller.name('fee'), kind: 'booking', amount, orderId: bought.orderId });
    return plant(this, scene, { orderId: bought.orderId, paymentIds: [], loss: amount, dueAt: at });
  },
};

/** Paid and confirmed, and never sent. */
const neverSent: Loss = {
  name: 'never sent',
  kind: 'not-delivered',
  needsMs: days(31),
  live: false,
  tell(scene) {
    const { orderId, paymentId, total } = buy(scene, { delivered: false });
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: total, dueAt: after(scene, minutes(2)) + days(30) });
  },
};

/** The merchant had the money out of escrow before the goods came. */
const paidOutEarly: Loss = {
  name: 'escrow released before delivery',
  kind: 'paid-out-before-delivery',
  needsMs: days(3),
  live: true,
  tell(scene) {
    const { teller } = scene;
    const { orderId, merchantId, total } = buy(scene, { delivered: false });
    const payout = { payoutId: teller.name('payout'), merchantId, orderId, amount: total };
    teller.tell('payout.held', after(scene, hours(1)), payout);
    const at = after(scene, hours(20));
    teller.tell('payout.released', at, payout);
    teller.tell('delivery.shipped', after(scene, hours(40)), { orderId });
    teller.tell('delivery.delivered', after(scene, days(3)), { orderId });
    return plant(this, scene, { orderId, paymentIds: [], loss: total, dueAt: at });
  },
};

/** A credit that the shown balance never had. */
const lostCredit: Loss = {
  name: 'credit missing from the balance',
  kind: 'balance-differs',
  needsMs: hours(3),
  live: true,
  tell(scene) {
    const { buyer, teller, random } = scene;
    const balance = inCurrencyOf(buyer, random.price(buyer.usualMinor));
    const amount = inCurrencyOf(buyer, random.price(buyer.usualMinor));
    teller.tell('wallet.balance_reported', scene.at, { balance });
    teller.tell('wallet.credited', after(scene, hours(1)), { entryId: teller.name('entry'), amount });
    const at = after(scene, hours(2));
    teller.tell('wallet.balance_reported', at, { balance });
    return plant(this, scene, { paymentIds: [], loss: amount, dueAt: at });
  },
};

/** The refund went to a card that is not the buyer's. */
const refundElsewhere: Loss = {
  name: 'refund to a card that is not the buyer’s',
  kind: 'refund-wrong-instrument',
  needsMs: days(1) + REFUND_MS,
  live: true,
  tell(scene) {
    const { orderId, paymentId, payment, total } = buy(scene);
    const instrument = { ...payment.instrument, fingerprint: `card-unknown-${scene.buyer.accountId}` };
    refund(scene, { ...payment, instrument }, days(1), total);
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: total, dueAt: after(scene, days(1) + hours(9)) });
  },
};

/** It had succeeded, came back from a closed account, and was paid again two hours later. */
const refundBounced: Loss = {
  name: 'refund bounced after it had succeeded',
  kind: 'refund-failed',
  needsMs: days(4) + REFUND_MS,
  live: true,
  tell(scene) {
    const { orderId, paymentId, payment, total } = buy(scene);
    const refundId = refund(scene, payment, days(1), total);
    const at = after(scene, days(4));
    const { instrument } = payment;
    scene.teller.tell('refund.failed', at, { refundId, paymentId, amount: total, instrument, reason: 'account closed' });
    refund(scene, payment, days(4) + hours(2), total);
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: total, dueAt: at });
  },
};

/** The buyer's own limit for a payment, and a payment above it. */
const aboveLimit: Loss = {
  name: 'payment above the buyer’s limit',
  kind: 'limit-exceeded',
  needsMs: hours(1),
  live: true,
  tell(scene) {
    const limit = inCurrencyOf(scene.buyer, scene.buyer.usualMinor * 20);
    scene.teller.tell('account.limit_set', scene.at, { limit, per: 'payment' });
    const total = inCurrencyOf(scene.buyer, scene.buyer.usualMinor * 26);
    const { orderId, paymentId, capturedAt } = buy(scene, { total, waitMs: minutes(10) });
    const loss = inCurrencyOf(scene.buyer, total.minor - limit.minor);
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss, dueAt: capturedAt });
  },
};

export const sideLosses: readonly Loss[] = [
  hiddenFee,
  neverSent,
  paidOutEarly,
  lostCredit,
  refundElsewhere,
  refundBounced,
  aboveLimit,
];

import { days, formatInstant, hours, minutes, seconds } from '#kernel/time';
import { inCurrencyOf, stranger, tellsSettlement } from '#simulator/buyer';
import { buy, confirm, paymentFor, refund, REFUND_MS } from '#simulator/purchase';
import { after, type Loss, plant, workingDaysAtWorst } from '#simulator/story';

/** The buyer sent it back and asked; nobody answered. */
const unanswered: Loss = {
  name: 'refund never answered',
  kind: 'refund-overdue',
  needsMs: workingDaysAtWorst(7),
  live: false,
  tell(scene) {
    const bought = buy(scene);
    scene.teller.tell('refund.requested', after(scene, days(3)), {
      refundId: scene.teller.name('refund'),
      paymentId: bought.paymentId,
      amount: bought.total,
      reason: 'returned',
    });
    return plant(this, scene, {
      orderId: bought.orderId,
      paymentIds: [bought.paymentId],
      loss: bought.total,
      dueAt: after(scene, days(3)) + workingDaysAtWorst(7),
    });
  },
};

/** The order was cancelled after it was paid; the money stayed. */
const cancelledAndKept: Loss = {
  name: 'cancelled and not refunded',
  kind: 'refund-overdue',
  needsMs: workingDaysAtWorst(2),
  live: false,
  tell(scene) {
    const bought = buy(scene, { delivered: false });
    const cancelledAt = after(scene, hours(5));
    scene.teller.tell('order.cancelled', cancelledAt, { orderId: bought.orderId, reason: 'out of stock' });
    return plant(this, scene, {
      orderId: bought.orderId,
      paymentIds: [bought.paymentId],
      loss: bought.total,
      dueAt: cancelledAt + workingDaysAtWorst(2),
    });
  },
};

/** A refund arrived, but short: 6.95 became 6.00. */
const short: Loss = {
  name: 'refund came short',
  kind: 'refund-amount-wrong',
  needsMs: days(1) + REFUND_MS,
  live: true,
  tell(scene) {
    const bought = buy(scene);
    const missing = Math.max(1, Math.floor(bought.total.minor * 0.14));
    const paid = inCurrencyOf(scene.buyer, Math.max(0, bought.total.minor - missing));
    refund(scene, bought.payment, days(1), bought.total, paid);
    return plant(this, scene, {
      orderId: bought.orderId,
      paymentIds: [bought.paymentId],
      loss: inCurrencyOf(scene.buyer, missing),
      dueAt: after(scene, days(1) + hours(9)),
    });
  },
};

/** Frozen for a review that said when it would end, and did not. */
const frozenPastItsEnd: Loss = {
  name: 'freeze past its end',
  kind: 'frozen-funds',
  needsMs: days(3),
  live: true,
  tell(scene) {
    const amount = inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor * 4));
    const endsAt = Math.max(after(scene, days(2)), scene.at + seconds(4));
    scene.teller.tell('funds.frozen', scene.at, {
      freezeId: scene.teller.name('freeze'),
      amount,
      reason: 'review',
      until: formatInstant(endsAt),
    });
    return plant(this, scene, {
      paymentIds: [],
      loss: amount,
      dueAt: endsAt,
    });
  },
};

/** Reset from a stranger's device, the e-mail changed, then an order many times the usual. */
const takenOver: Loss = {
  name: 'reset, new e-mail, large order',
  kind: 'account-takeover',
  needsMs: minutes(90),
  live: true,
  needsPast: true,
  tell(scene) {
    const { buyer, teller } = scene;
    const context = stranger(buyer);
    teller.tell('account.password_changed', scene.at, { context, how: 'reset' });
    teller.tell('account.logged_in', after(scene, minutes(1)), { context, method: 'password' });
    teller.tell('account.contact_changed', after(scene, minutes(6)), { context, field: 'email', how: 'change' });
    const total = inCurrencyOf(buyer, buyer.usualMinor * scene.random.between(30, 60));
    const order = { orderId: teller.name('order'), merchantId: 'electronics', total };
    teller.tell('order.placed', after(scene, minutes(40)), { ...order, context });
    const payment = paymentFor(scene, { ...order, amount: total, context });
    const at = after(scene, minutes(41));
    teller.tell('payment.captured', at, payment);
    if (tellsSettlement(buyer.provider)) teller.tell('payment.settled', after(scene, days(1)), { paymentId: payment.paymentId });
    confirm(scene, order.orderId, minutes(42));
    return plant(this, scene, {
      orderId: order.orderId,
      paymentIds: [payment.paymentId],
      loss: total,
      dueAt: at,
    });
  },
};

/** At home in the morning, and an ocean away before lunch: the password is somebody else's, too. */
const inTwoPlaces: Loss = {
  name: 'logged in at home, then an ocean away',
  kind: 'impossible-travel',
  needsMs: hours(1),
  live: true,
  tell(scene) {
    const { buyer, teller } = scene;
    teller.tell('account.logged_in', scene.at, { context: buyer.home, method: 'password' });
    const at = after(scene, minutes(50));
    teller.tell('account.logged_in', at, { context: stranger(buyer), method: 'password' });
    return plant(this, scene, { paymentIds: [], loss: null, dueAt: at });
  },
};

export const accountLosses: readonly Loss[] = [unanswered, cancelledAndKept, short, frozenPastItsEnd, takenOver, inTwoPlaces];

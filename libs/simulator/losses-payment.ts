import { days, hours, minutes, seconds } from '#kernel/time';
import { inCurrencyOf, merchants } from '#simulator/buyer';
import { buy, confirm, paymentFor, placeOrder, settle } from '#simulator/purchase';
import { after, type Loss, plant } from '#simulator/story';

/** The button was pressed twice: one order, two payments with keys of their own. */
const doubleClick: Loss = {
  name: 'double click',
  kind: 'duplicate-charge',
  needsMs: minutes(5),
  live: true,
  tell(scene) {
    const first = buy(scene);
    const second = paymentFor(scene, { orderId: first.orderId, merchantId: first.merchantId, amount: first.total });
    const at = after(scene, seconds(71 + scene.random.between(1, 20)));
    scene.teller.tell('payment.captured', at, second);
    settle(scene, second, days(1));
    return plant(this, scene, {
      orderId: first.orderId,
      paymentIds: [first.paymentId, second.paymentId],
      loss: first.total,
      dueAt: at,
    });
  },
};

/** One authorisation, captured whole two times. */
const capturedTwice: Loss = {
  name: 'captured twice',
  kind: 'duplicate-charge',
  needsMs: minutes(5),
  live: true,
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { orderId: order.orderId, merchantId: order.merchantId, amount: order.total });
    scene.teller.tell('payment.authorised', after(scene, seconds(50)), payment);
    scene.teller.tell('payment.captured', after(scene, seconds(70)), { ...payment, captureId: `${payment.paymentId}-1` });
    confirm(scene, order.orderId, seconds(90));
    const at = after(scene, seconds(95));
    scene.teller.tell('payment.captured', at, { ...payment, captureId: `${payment.paymentId}-2` });
    settle(scene, payment, days(1));
    return plant(this, scene, { orderId: order.orderId, paymentIds: [payment.paymentId], loss: order.total, dueAt: at });
  },
};

/** The card seemed refused, so another one paid; then the first went through after all. */
const otherCard: Loss = {
  name: 'two cards for one order',
  kind: 'paid-by-other-means',
  needsMs: minutes(5),
  live: true,
  tell(scene) {
    const first = buy(scene);
    const usual = paymentFor(scene, { orderId: first.orderId, merchantId: first.merchantId, amount: first.total });
    const second = { ...usual, instrument: scene.buyer.otherCard };
    const at = after(scene, minutes(2));
    scene.teller.tell('payment.captured', at, second);
    settle(scene, second, days(1));
    return plant(this, scene, {
      orderId: first.orderId,
      paymentIds: [first.paymentId, second.paymentId],
      loss: first.total,
      dueAt: at,
    });
  },
};

/** The shop captured more than the order came to. */
const overcharged: Loss = {
  name: 'captured above the order',
  kind: 'amount-differs-from-order',
  needsMs: minutes(5),
  live: true,
  tell(scene) {
    const order = placeOrder(scene);
    const surplus = scene.random.between(50, 900);
    const amount = inCurrencyOf(scene.buyer, order.total.minor + surplus);
    const payment = paymentFor(scene, { orderId: order.orderId, merchantId: order.merchantId, amount });
    const at = after(scene, seconds(70));
    scene.teller.tell('payment.captured', at, payment);
    confirm(scene, order.orderId, seconds(90));
    settle(scene, payment, days(1));
    const loss = inCurrencyOf(scene.buyer, surplus);
    return plant(this, scene, { orderId: order.orderId, paymentIds: [payment.paymentId], loss, dueAt: at });
  },
};

/** Authorised, never captured, never released, though the provider said when it would end. */
const holdPastItsEnd: Loss = {
  name: "hold past the provider's date",
  kind: 'stuck-hold',
  needsMs: hours(30),
  live: true,
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { orderId: order.orderId, merchantId: order.merchantId, amount: order.total });
    const endsAt = Math.max(after(scene, hours(24)), scene.at + seconds(4));
    const captureBefore = new Date(endsAt).toISOString();
    scene.teller.tell('payment.authorised', after(scene, seconds(50)), { ...payment, captureBefore });
    confirm(scene, order.orderId, seconds(90));
    return plant(this, scene, { orderId: order.orderId, paymentIds: [payment.paymentId], loss: order.total, dueAt: endsAt });
  },
};

/** Authorised and forgotten: the scheme's own validity ends it. */
const holdForgotten: Loss = {
  name: 'hold forgotten',
  kind: 'stuck-hold',
  needsMs: days(8),
  live: false,
  tell(scene) {
    const merchantId = scene.random.pick(merchants);
    const amount = inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor));
    const payment = paymentFor(scene, { merchantId, amount });
    scene.teller.tell('payment.authorised', scene.at, payment);
    return plant(this, scene, { paymentIds: [payment.paymentId], loss: amount, dueAt: scene.at + days(8) });
  },
};

/** Started, and then nothing was heard of it. */
const neverAnswered: Loss = {
  name: 'started and never answered',
  kind: 'payment-unconfirmed',
  needsMs: hours(25),
  live: false,
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { orderId: order.orderId, merchantId: order.merchantId, amount: order.total });
    scene.teller.tell('payment.created', after(scene, seconds(50)), payment);
    const dueAt = after(scene, seconds(50)) + hours(24);
    return plant(this, scene, { orderId: order.orderId, paymentIds: [payment.paymentId], loss: order.total, dueAt });
  },
};

export const paymentLosses: readonly Loss[] = [
  doubleClick,
  capturedTwice,
  otherCard,
  overcharged,
  holdPastItsEnd,
  holdForgotten,
  neverAnswered,
];

import { days, formatInstant, hours, minutes, seconds } from '#kernel/time';
import { inCurrencyOf } from '#simulator/buyer';
import { buy, confirm, paymentFor, placeOrder, refund, settle } from '#simulator/purchase';
import { after, type Ordinary } from '#simulator/story';

/** The client timed out and asked again under the same key: the provider made one payment of it. */
const sameKey: Ordinary = {
  name: 'retry with the same key',
  tell(scene) {
    const first = buy(scene);
    const again = { ...first.payment, paymentId: scene.teller.name('pay') };
    scene.teller.tell('payment.captured', after(scene, seconds(100)), again);
    settle(scene, again, days(1));
  },
};

const toldTwice: Ordinary = {
  name: 'capture told again under another event id',
  tell(scene) {
    const first = buy(scene);
    scene.teller.tell('payment.captured', first.capturedAt, first.payment, seconds(30));
  },
};

const declinedFirst: Ordinary = {
  name: 'declined, then another card',
  tell(scene) {
    const order = placeOrder(scene);
    const refused = paymentFor(scene, { ...order, amount: order.total });
    scene.teller.tell('payment.created', after(scene, seconds(50)), refused);
    scene.teller.tell('payment.failed', after(scene, seconds(53)), { paymentId: refused.paymentId, reason: 'do_not_honor' });
    const paid = { ...paymentFor(scene, { ...order, amount: order.total }), instrument: scene.buyer.otherCard };
    scene.teller.tell('payment.captured', after(scene, seconds(80)), paid);
    confirm(scene, order.orderId, seconds(100));
    settle(scene, paid, days(1));
  },
};

const boughtTwice: Ordinary = {
  name: 'two equal orders on purpose',
  tell(scene) {
    const first = buy(scene);
    buy(scene, { total: first.total, merchantId: first.merchantId, waitMs: minutes(3) });
  },
};

const subscription: Ordinary = {
  name: 'subscription, two periods booked together',
  tell(scene) {
    const amount = inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor / 3));
    const name = scene.teller.name('plan');
    for (const [index, period] of ['2026-08', '2026-09'].entries()) {
      const usual = paymentFor(scene, { merchantId: 'streaming', amount });
      const payment = { ...usual, initiator: 'merchant' as const, subscription: { id: name, period } };
      scene.teller.tell('payment.captured', after(scene, seconds(40 * index)), payment);
      settle(scene, payment, days(1));
    }
  },
};

const splitShipment: Ordinary = {
  name: 'two parcels, two captures',
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { ...order, amount: order.total });
    const half = Math.floor(order.total.minor / 2);
    scene.teller.tell('payment.authorised', after(scene, seconds(50)), payment);
    confirm(scene, order.orderId, seconds(90));
    const parts = [half, order.total.minor - half].filter((minor) => minor > 0);
    parts.forEach((minor, index) => {
      const captureId = `${payment.paymentId}-${index}`;
      const part = { ...payment, amount: inCurrencyOf(scene.buyer, minor), captureId, lineIds: [`line-${index}`] };
      scene.teller.tell('payment.captured', after(scene, hours(1 + 20 * index)), part);
    });
    settle(scene, payment, days(2));
  },
};

const authorisedAgain: Ordinary = {
  name: 'hold expired, authorised again, captured once',
  tell(scene) {
    const order = placeOrder(scene);
    const first = paymentFor(scene, { ...order, amount: order.total });
    scene.teller.tell('payment.authorised', after(scene, seconds(50)), first);
    confirm(scene, order.orderId, seconds(90));
    scene.teller.tell('payment.expired', after(scene, days(4)), { paymentId: first.paymentId });
    const second = paymentFor(scene, { ...order, amount: order.total });
    scene.teller.tell('payment.authorised', after(scene, days(4) + minutes(5)), second);
    scene.teller.tell('payment.captured', after(scene, days(4) + minutes(6)), second);
    settle(scene, second, days(5));
  },
};

const releasedInTime: Ordinary = {
  name: 'hold released in time',
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { ...order, amount: order.total });
    const captureBefore = formatInstant(after(scene, days(3)) + seconds(90));
    scene.teller.tell('payment.authorised', after(scene, seconds(50)), { ...payment, captureBefore });
    scene.teller.tell('order.cancelled', after(scene, hours(8)), { orderId: order.orderId, reason: 'buyer changed their mind' });
    scene.teller.tell('payment.voided', after(scene, hours(9)), { paymentId: payment.paymentId });
  },
};

const slowAnswer: Ordinary = {
  name: 'outcome known after some hours',
  tell(scene) {
    const order = placeOrder(scene);
    const payment = paymentFor(scene, { ...order, amount: order.total });
    scene.teller.tell('payment.created', after(scene, seconds(50)), payment);
    scene.teller.tell('payment.captured', after(scene, hours(9)), payment);
    confirm(scene, order.orderId, hours(9) + seconds(5));
    settle(scene, payment, days(2));
  },
};

const refundedThenBoughtAgain: Ordinary = {
  name: 'refunded, then bought again',
  tell(scene) {
    const first = buy(scene);
    refund(scene, first.payment, days(1), first.total);
    buy(scene, { total: first.total, merchantId: first.merchantId, waitMs: days(2) + hours(2) });
  },
};

export const paymentLookAlikes: readonly Ordinary[] = [
  sameKey,
  toldTwice,
  declinedFirst,
  boughtTwice,
  subscription,
  splitShipment,
  authorisedAgain,
  releasedInTime,
  slowAnswer,
  refundedThenBoughtAgain,
];

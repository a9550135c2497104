import { days, hours, minutes, seconds } from '#kernel/time';
import { inCurrencyOf } from '#simulator/buyer';
import { book, buy, confirm, paymentFor, placeOrder, refund, settle } from '#simulator/purchase';
import { after, type Ordinary, type Scene } from '#simulator/story';

/** One order sent in two parcels, each captured and booked when it left. */
function sendInParcels(scene: Scene, names: (paymentId: string) => { reference?: string }): void {
  const { buyer, teller } = scene;
  const order = placeOrder(scene, { total: inCurrencyOf(buyer, buyer.usualMinor + scene.random.between(1, 500)) });
  const payment = paymentFor(scene, { ...order, amount: order.total });
  teller.tell('payment.authorised', after(scene, seconds(50)), payment);
  confirm(scene, order.orderId, seconds(90));
  const third = Math.floor(order.total.minor / 3);
  for (const [index, minor] of [third, order.total.minor - third].entries()) {
    const amount = inCurrencyOf(buyer, minor);
    const part = { ...payment, amount, captureId: `${payment.paymentId}-${index}`, lineIds: [`line-${index}`] };
    teller.tell('payment.captured', after(scene, hours(1 + 20 * index)), part);
    book(scene, { amount, wait: days(2) + hours(20 * index), ...names(payment.paymentId) });
  }
  settle(scene, payment, days(2));
}

const parcels: Ordinary = {
  name: 'two parcels, a line for each',
  onStatement: true,
  tell: (scene) => sendInParcels(scene, (reference) => ({ reference })),
};

const namelessParcels: Ordinary = {
  name: 'two parcels, a line for each that names nothing',
  onStatement: true,
  tell: (scene) => sendInParcels(scene, () => ({})),
};

const onOneLine: Ordinary = {
  name: 'two orders on one line',
  onStatement: true,
  tell(scene) {
    const first = buy(scene, { booked: false });
    const second = buy(scene, { booked: false, merchantId: first.merchantId, waitMs: hours(5) });
    book(scene, { amount: inCurrencyOf(scene.buyer, first.total.minor + second.total.minor), wait: days(2) });
  },
};

const paidAbroad: Ordinary = {
  name: 'paid in francs, booked in the money of the account',
  onStatement: true,
  tell(scene) {
    const total = { minor: scene.random.price(4_000), currency: 'CHF' };
    const { paymentId } = buy(scene, { booked: false, total });
    book(scene, {
      amount: inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor)),
      reference: paymentId,
      wait: days(3),
    });
  },
};

const bookedLate: Ordinary = {
  name: 'booked nine days later',
  onStatement: true,
  tell(scene) {
    const { paymentId, total } = buy(scene, { booked: false });
    book(scene, { amount: total, reference: paymentId, wait: days(9) });
  },
};

const nameless: Ordinary = {
  name: 'a line that names nothing, of the sum',
  onStatement: true,
  tell(scene) {
    const { total } = buy(scene, { booked: false });
    book(scene, { amount: total, wait: days(3) });
  },
};

const namesTheOrder: Ordinary = {
  name: 'a line that names the order',
  onStatement: true,
  tell(scene) {
    const { orderId, total } = buy(scene, { booked: false });
    book(scene, { amount: total, reference: orderId, wait: days(2) });
  },
};

const creditBooked: Ordinary = {
  name: 'refund on the statement',
  onStatement: true,
  tell(scene) {
    const { payment, total } = buy(scene);
    const reference = refund(scene, payment, days(3), total);
    book(scene, { amount: total, reference, wait: days(6), direction: 'credit' });
  },
};

const refundedUnbooked: Ordinary = {
  name: 'refunded before it was booked',
  onStatement: true,
  tell(scene) {
    const { payment, total } = buy(scene, { booked: false });
    refund(scene, payment, minutes(30), total);
  },
};

export const statementLookAlikes: readonly Ordinary[] = [
  parcels,
  namelessParcels,
  onOneLine,
  paidAbroad,
  bookedLate,
  nameless,
  namesTheOrder,
  creditBooked,
  refundedUnbooked,
];

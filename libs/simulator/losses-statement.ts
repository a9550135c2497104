import { days, hours } from '#kernel/time';
import { inCurrencyOf } from '#simulator/buyer';
import { book, buy } from '#simulator/purchase';
import { after, type Loss, plant, workingDaysAtWorst } from '#simulator/story';

/** A debit for which the buyer never ordered anything; what it names is unknown here. */
const unknownDebit: Loss = {
  name: 'debit that names a payment of nobody',
  kind: 'statement-without-order',
  needsMs: workingDaysAtWorst(10),
  live: false,
  onStatement: true,
  tell(scene) {
    const amount = inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor));
    const at = book(scene, { amount, reference: `unknown-${scene.buyer.accountId}`, wait: hours(3) });
    return plant(this, scene, { paymentIds: [], loss: amount, dueAt: at + workingDaysAtWorst(10) });
  },
};

/** The same, where the bank shows no reference: no purchase comes near its sum. */
const namelessDebit: Loss = {
  name: 'debit that names nothing',
  kind: 'statement-without-order',
  needsMs: workingDaysAtWorst(10),
  live: false,
  onStatement: true,
  tell(scene) {
    const amount = inCurrencyOf(scene.buyer, scene.buyer.usualMinor * 40 + scene.random.between(1, 999));
    const at = book(scene, { amount, wait: hours(3) });
    return plant(this, scene, { paymentIds: [], loss: amount, dueAt: at + workingDaysAtWorst(10) });
  },
};

/** Told as captured, and the bank never heard of it: the shop sends goods that nobody paid. */
const neverBooked: Loss = {
  name: 'paid, and never on the statement',
  kind: 'order-without-statement',
  needsMs: workingDaysAtWorst(10),
  live: false,
  onStatement: true,
  tell(scene) {
    const { orderId, paymentId, capturedAt } = buy(scene, { booked: false });
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: null, dueAt: capturedAt + workingDaysAtWorst(10) });
  },
};

/** A digit was mistyped between the till and the bank. */
const debitedMore: Loss = {
  name: 'debited more than was captured',
  kind: 'statement-amount-differs',
  needsMs: days(3),
  live: true,
  onStatement: true,
  tell(scene) {
    const { orderId, paymentId, total } = buy(scene, { booked: false });
    const surplus = scene.random.between(1, 900);
    const amount = inCurrencyOf(scene.buyer, total.minor + surplus);
    const dueAt = book(scene, { amount, reference: paymentId, wait: days(2) });
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: inCurrencyOf(scene.buyer, surplus), dueAt });
  },
};

const debitedLess: Loss = {
  name: 'debited less than was captured',
  kind: 'statement-amount-differs',
  needsMs: days(3),
  live: true,
  onStatement: true,
  tell(scene) {
    const { buyer } = scene;
    const { orderId, paymentId, total } = buy(scene, { booked: false, total: inCurrencyOf(buyer, buyer.usualMinor) });
    const amount = inCurrencyOf(buyer, total.minor - scene.random.between(1, Math.floor(buyer.usualMinor / 2)));
    const dueAt = book(scene, { amount, reference: paymentId, wait: days(2) });
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: null, dueAt });
  },
};

/** Captured once, and debited once more a day later. */
const debitedTwice: Loss = {
  name: 'one capture, debited twice',
  kind: 'duplicate-charge',
  needsMs: days(4),
  live: true,
  onStatement: true,
  tell(scene) {
    const { orderId, paymentId, total } = buy(scene);
    const dueAt = book(scene, { amount: total, reference: paymentId, wait: days(3) });
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: total, dueAt });
  },
};

/** The buyer wrote to the platform; the letter came twice. */
const complained: Loss = {
  name: 'complaint about what came',
  kind: 'buyer-complaint',
  needsMs: days(4),
  live: true,
  tell(scene) {
    const { orderId, paymentId } = buy(scene);
    const dueAt = after(scene, days(4));
    const complaint = {
      complaintId: scene.teller.name('complaint'),
      about: 'merchant',
      orderId,
      text: 'not what was shown',
    } as const;
    scene.teller.tell('complaint.filed', dueAt, complaint);
    scene.teller.redeliver(1_000);
    return plant(this, scene, { orderId, paymentIds: [paymentId], loss: null, dueAt });
  },
};

export const statementLosses: readonly Loss[] = [
  unknownDebit,
  namelessDebit,
  neverBooked,
  debitedMore,
  debitedLess,
  debitedTwice,
  complained,
];

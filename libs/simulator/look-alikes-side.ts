import { days, hours, minutes } from '#kernel/time';
import { inCurrencyOf } from '#simulator/buyer';
import { buy, paymentFor, refund } from '#simulator/purchase';
import { after, type Ordinary } from '#simulator/story';

const shownFee: Ordinary = {
  name: 'fee that was shown',
  tell(scene) {
    const { orderId } = buy(scene);
    const amount = inCurrencyOf(scene.buyer, Math.max(1, Math.round(scene.buyer.usualMinor * 0.05)));
    const fee = { feeId: scene.teller.name('fee'), kind: 'express', amount, orderId, disclosed: true };
    scene.teller.tell('fee.charged', after(scene, minutes(5)), fee);
  },
};

const releasedAfterDelivery: Ordinary = {
  name: 'escrow released after delivery',
  tell(scene) {
    const { teller } = scene;
    const { orderId, merchantId, total } = buy(scene);
    const payout = { payoutId: teller.name('payout'), merchantId, orderId, amount: total };
    teller.tell('payout.held', after(scene, hours(1)), payout);
    teller.tell('payout.released', after(scene, days(3)), payout);
  },
};

const balanceAgrees: Ordinary = {
  name: 'credit that the balance shows',
  tell(scene) {
    const { buyer, teller, random } = scene;
    const [before, amount] = [random.price(buyer.usualMinor), random.price(buyer.usualMinor)];
    teller.tell('wallet.balance_reported', scene.at, { balance: inCurrencyOf(buyer, before) });
    const entry = { entryId: teller.name('entry'), amount: inCurrencyOf(buyer, amount) };
    teller.tell('wallet.credited', after(scene, hours(1)), entry);
    teller.tell('wallet.balance_reported', after(scene, hours(2)), { balance: inCurrencyOf(buyer, before + amount) });
  },
};

const refundToOwnOtherCard: Ordinary = {
  name: 'refund to the other card that the buyer pays with',
  tell(scene) {
    const { buyer, teller } = scene;
    const instrument = buyer.otherCard;
    const amount = inCurrencyOf(buyer, scene.random.price(buyer.usualMinor));
    teller.tell('payment.captured', scene.at, { ...paymentFor(scene, { merchantId: 'newsstand', amount }), instrument });
    const bought = buy(scene, { waitMs: hours(1) });
    refund(scene, { ...bought.payment, instrument }, days(1), bought.total);
  },
};

const atTheLimit: Ordinary = {
  name: 'payment of just the limit',
  tell(scene) {
    const limit = inCurrencyOf(scene.buyer, scene.buyer.usualMinor * 20);
    scene.teller.tell('account.limit_set', scene.at, { limit, per: 'payment' });
    buy(scene, { total: limit, waitMs: minutes(10) });
  },
};

export const sideLookAlikes: readonly Ordinary[] = [
  shownFee,
  releasedAfterDelivery,
  balanceAgrees,
  refundToOwnOtherCard,
  atTheLimit,
];

import { days, formatInstant, hours, minutes, seconds } from '#kernel/time';
import { inCurrencyOf, stranger, tellsSettlement } from '#simulator/buyer';
import { buy, refund } from '#simulator/purchase';
import { after, type Ordinary } from '#simulator/story';

const refundedInParts: Ordinary = {
  name: 'refunded in two parts',
  tell(scene) {
    const bought = buy(scene);
    const part = Math.max(1, Math.floor(bought.total.minor / 3));
    refund(scene, bought.payment, days(1), inCurrencyOf(scene.buyer, part));
    if (part < bought.total.minor) {
      refund(scene, bought.payment, days(3), inCurrencyOf(scene.buyer, bought.total.minor - part));
    }
  },
};

const refundRejected: Ordinary = {
  name: 'refund asked for and rejected',
  tell(scene) {
    const bought = buy(scene);
    const steps = { refundId: scene.teller.name('refund'), paymentId: bought.paymentId, amount: bought.total };
    scene.teller.tell('refund.requested', after(scene, days(4)), steps);
    scene.teller.tell('refund.rejected', after(scene, days(6)), { ...steps, reason: 'worn' });
  },
};

/** Swiss francs for one whole unit of a currency, and how many minor units make one. */
const toFrancs: Readonly<Record<string, { rate: number; minorPerUnit: number }>> = {
  EUR: { rate: 0.94, minorPerUnit: 100 },
  USD: { rate: 0.81, minorPerUnit: 100 },
  GBP: { rate: 1.07, minorPerUnit: 100 },
  JPY: { rate: 0.0052, minorPerUnit: 1 },
  KWD: { rate: 2.64, minorPerUnit: 1_000 },
};

const refundConverted: Ordinary = {
  name: 'refund in another currency at a declared rate',
  tell(scene) {
    const { buyer, teller } = scene;
    const bought = buy(scene);
    const { rate, minorPerUnit } = toFrancs[buyer.currency] ?? { rate: 1, minorPerUnit: 100 };
    const amount = { minor: Math.max(1, Math.round((bought.total.minor / minorPerUnit) * rate * 100)), currency: 'CHF' };
    const steps = {
      refundId: teller.name('refund'),
      paymentId: bought.paymentId,
      amount,
      exchange: { from: bought.total, rate },
      instrument: bought.payment.instrument,
    };
    teller.tell('refund.approved', after(scene, days(1)), steps);
    teller.tell('refund.submitted', after(scene, days(1) + hours(2)), steps);
    teller.tell('refund.succeeded', after(scene, days(1) + hours(6)), steps);
    if (tellsSettlement(buyer.provider)) teller.tell('refund.posted', after(scene, days(3)), steps);
  },
};

const cancelledAndRefunded: Ordinary = {
  name: 'cancelled and refunded',
  tell(scene) {
    const bought = buy(scene, { delivered: false });
    scene.teller.tell('order.cancelled', after(scene, hours(5)), { orderId: bought.orderId, reason: 'out of stock' });
    refund(scene, bought.payment, hours(6), bought.total);
  },
};

const freezeLifted: Ordinary = {
  name: 'freeze lifted in time',
  tell(scene) {
    const freezeId = scene.teller.name('freeze');
    const amount = inCurrencyOf(scene.buyer, scene.random.price(scene.buyer.usualMinor * 3));
    const until = formatInstant(after(scene, days(4)) + minutes(2));
    scene.teller.tell('funds.frozen', scene.at, { freezeId, amount, reason: 'review', until });
    scene.teller.tell('funds.unfrozen', after(scene, days(2)), { freezeId });
  },
};

const newPhone: Ordinary = {
  name: 'new phone, and no more than that',
  tell(scene) {
    const context = { ...scene.buyer.home, deviceId: `new-${scene.buyer.accountId}` };
    scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
    buy(scene, { context, waitMs: minutes(10) });
  },
};

const forgottenPassword: Ordinary = {
  name: 'password reset at home, step-up passed, then an order',
  tell(scene) {
    const { buyer, teller } = scene;
    teller.tell('account.password_changed', scene.at, { context: buyer.home, how: 'reset' });
    teller.tell('account.step_up_passed', after(scene, minutes(1)), { context: buyer.home, method: 'app' });
    buy(scene, { waitMs: minutes(20) });
  },
};

const onHoliday: Ordinary = {
  name: 'announced travel',
  tell(scene) {
    const away = { ...stranger(scene.buyer), deviceId: scene.buyer.home.deviceId };
    scene.teller.tell('account.travel_announced', scene.at, {
      country: away.country,
      from: formatInstant(after(scene, days(1))),
      to: formatInstant(after(scene, days(12)) + hours(1)),
    });
    scene.teller.tell('account.logged_in', after(scene, days(2)), { context: away, method: 'password' });
    buy(scene, { context: away, waitMs: days(2) + seconds(30) });
  },
};

const behindVpn: Ordinary = {
  name: 'a VPN moved the telephone’s address abroad',
  tell(scene) {
    const { buyer, teller } = scene;
    const context = { ...stranger(buyer), deviceId: buyer.home.deviceId };
    teller.tell('account.logged_in', scene.at, { context: buyer.home, method: 'password' });
    teller.tell('account.logged_in', after(scene, minutes(15)), { context, method: 'password' });
    // A large one would be two of the three steps of a takeover.
    buy(scene, { context, waitMs: minutes(20), total: inCurrencyOf(buyer, Math.ceil(buyer.usualMinor / 3)) });
  },
};

export const accountLookAlikes: readonly Ordinary[] = [
  refundedInParts,
  refundRejected,
  refundConverted,
  cancelledAndRefunded,
  freezeLifted,
  newPhone,
  forgottenPassword,
  onHoliday,
  behindVpn,
];

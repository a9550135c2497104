import { days, hours, minutes, seconds, type DurationMs } from '#kernel/time';
import { inCurrencyOf, stranger, type Place } from '#simulator/buyer';
import { buy, confirm, paymentFor } from '#simulator/purchase';
import { after, type Scene } from '#simulator/story';

/** A course of events in one account, and whether somebody else was at work. */
export interface AccountStory {
  readonly name: string;
  readonly isTakeover: boolean;
  /** How often it is told for each time that the others are. */
  readonly weight: number;
  /** How long nobody used the account before; default: about a day. */
  readonly quietMs?: DurationMs;
  tell(scene: Scene): void;
}

function order(scene: Scene, context: Place, wait: DurationMs, times: number, isGiftCard = false): void {
  const { buyer, teller } = scene;
  const total = inCurrencyOf(buyer, Math.round(buyer.usualMinor * times));
  const placed = { orderId: teller.name('order'), merchantId: 'electronics', total };
  teller.tell('order.placed', after(scene, wait), { ...placed, context, ...(isGiftCard && { giftCard: true }) });
  const payment = paymentFor(scene, { ...placed, amount: total, context });
  teller.tell('payment.captured', after(scene, wait + minutes(1)), payment);
  confirm(scene, placed.orderId, wait + minutes(2));
}

/** The buyer at home with another telephone, or with the own one somewhere else in the country. */
const newPhone = ({ home, accountId }: Scene['buyer']): Place => ({ ...home, deviceId: `new-${accountId}` });
const elsewhere = ({ home }: Scene['buyer']): Place => ({ ...home, ip: home.ip.replace(/^\d+\.\d+/, '10.66') });

const takeover = (name: string, tell: AccountStory['tell']): AccountStory => ({ name, isTakeover: true, weight: 4, tell });
const harmless = (name: string, tell: AccountStory['tell'], weight = 4): AccountStory => ({
  name,
  isTakeover: false,
  weight,
  tell,
});

const asleep = (story: AccountStory): AccountStory => ({ ...story, quietMs: days(170) });

/**
 * Written from the definition in the facts, and from what people do who are taken for thieves. One takeover leaves no second step
 * and one honest buyer leaves all of them: no rule can be right about everybody.
 */
export const accountStories: readonly AccountStory[] = [
  takeover('reset, new e-mail, large order', (scene) => {
    const context = stranger(scene.buyer);
    scene.teller.tell('account.password_changed', scene.at, { context, how: 'reset' });
    scene.teller.tell('account.contact_changed', after(scene, minutes(6)), { context, field: 'email', how: 'change' });
    order(scene, context, minutes(scene.random.between(20, 90)), scene.random.between(20, 60));
  }),
  takeover('many failed log-ins, one that works, another address, gift card', (scene) => {
    const context = stranger(scene.buyer);
    for (let attempt = 0; attempt < 8; attempt += 1)
      scene.teller.tell('account.login_failed', after(scene, seconds(20 * attempt)), { context });
    scene.teller.tell('account.logged_in', after(scene, minutes(4)), { context, method: 'password' });
    scene.teller.tell('account.address_changed', after(scene, minutes(9)), { context, how: 'change' });
    order(scene, context, minutes(30), 1.2, true);
  }),
  takeover('second factor changed, spread over the day', (scene) => {
    const context = stranger(scene.buyer);
    scene.teller.tell('account.second_factor_changed', scene.at, { context, how: 'reset' });
    scene.teller.tell('account.contact_changed', after(scene, hours(9)), { context, field: 'phone', how: 'change' });
    order(scene, context, hours(20), scene.random.between(5, 20));
  }),
  takeover('told of phishing, then a payout account of somebody else', (scene) => {
    scene.teller.tell('account.phishing_reported', scene.at, { about: 'e-mail' });
    const context = stranger(scene.buyer);
    scene.teller.tell('account.payout_changed', after(scene, hours(2)), { context, how: 'change' });
  }),
  takeover('reset and a large order at once', (scene) => {
    const context = stranger(scene.buyer);
    scene.teller.tell('account.password_changed', scene.at, { context, how: 'reset' });
    order(scene, context, minutes(10), scene.random.between(10, 40));
  }),
  takeover('stolen session: an ordinary order, nothing else', (scene) => {
    order(scene, stranger(scene.buyer), minutes(10), 1);
  }),
  asleep(
    takeover('asleep for half a year, then a strange device, another address, an ordinary order', (scene) => {
      const context = stranger(scene.buyer);
      scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
      scene.teller.tell('account.address_changed', after(scene, minutes(7)), { context, how: 'change' });
      order(scene, context, minutes(20), 1);
    }),
  ),
  asleep(
    harmless('back after half a year: a new phone, the password forgotten, ordinary order', (scene) => {
      const context = newPhone(scene.buyer);
      scene.teller.tell('account.password_changed', scene.at, { context, how: 'reset' });
      buy(scene, { context, waitMs: minutes(15) });
    }),
  ),
  asleep(
    harmless('back after half a year at home: another address, a large order', (scene) => {
      scene.teller.tell('account.logged_in', scene.at, { context: scene.buyer.home, method: 'password' });
      scene.teller.tell('account.address_changed', after(scene, minutes(7)), { context: scene.buyer.home, how: 'change' });
      order(scene, scene.buyer.home, minutes(20), 6);
    }),
  ),
  takeover('a thief who waits for two days, then reset and a large order', (scene) => {
    const context = stranger(scene.buyer);
    scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
    const late = { ...scene, at: scene.at + hours(50) };
    scene.teller.tell('account.password_changed', late.at, { context, how: 'reset' });
    order(late, context, minutes(15), scene.random.between(10, 40));
  }),
  harmless('new phone, ordinary order', (scene) => {
    const context = newPhone(scene.buyer);
    scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
    buy(scene, { context, waitMs: minutes(10) });
  }),
  harmless('password forgotten, reset at home, large order', (scene) => {
    scene.teller.tell('account.password_changed', scene.at, { context: scene.buyer.home, how: 'reset' });
    order(scene, scene.buyer.home, minutes(20), 12);
  }),
  harmless('password reset on the new phone, step-up passed, new address, large order', (scene) => {
    const context = newPhone(scene.buyer);
    scene.teller.tell('account.password_changed', scene.at, { context, how: 'reset' });
    scene.teller.tell('account.step_up_passed', after(scene, minutes(1)), { context, method: 'app' });
    scene.teller.tell('account.address_changed', after(scene, minutes(9)), { context, how: 'change' });
    order(scene, context, minutes(40), 15);
  }),
  harmless('moved: another address and a large order, from home', (scene) => {
    scene.teller.tell('account.address_changed', scene.at, { context: scene.buyer.home, how: 'change' });
    order(scene, scene.buyer.home, hours(1), 10);
  }),
  harmless('on the train: own phone, another network, ordinary order', (scene) => {
    const context = elsewhere(scene.buyer);
    scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
    buy(scene, { context, waitMs: minutes(10) });
  }),
  harmless('Christmas: a gift card and a large order', (scene) => {
    order(scene, scene.buyer.home, minutes(5), 3, true);
    order(scene, scene.buyer.home, minutes(25), 14);
  }),
  harmless('mistyped seven times at home, then an ordinary order', (scene) => {
    for (let attempt = 0; attempt < 7; attempt += 1)
      scene.teller.tell('account.login_failed', after(scene, seconds(30 * attempt)), { context: scene.buyer.home });
    scene.teller.tell('account.logged_in', after(scene, minutes(5)), { context: scene.buyer.home, method: 'password' });
    buy(scene, { waitMs: minutes(10) });
  }),
  harmless(
    'moved abroad with a new phone: another address, furniture',
    (scene) => {
      const context = stranger(scene.buyer);
      scene.teller.tell('account.logged_in', scene.at, { context, method: 'password' });
      scene.teller.tell('account.address_changed', after(scene, minutes(9)), { context, how: 'change' });
      order(scene, context, hours(3), 10);
    },
    1,
  ),
];

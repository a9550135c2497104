import { createAccountTelling } from '#detection/account-telling';
import { accountStage } from '#detection/account-stage';
import type { Outgoing } from '#detection/emission';
import { slimTypes, unpackSlimEvent, type SlimType } from '#detection/scope-event';
import { groupOf } from '#detection/scope-state';
import { defaultDetectionSettings } from '#detection/settings';
import { eventOf } from '#test/scenarios/ledger-after';
import {
  authorised,
  captured,
  confirmed,
  created,
  eur,
  forOrder,
  placed,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

const paid = captured('2026-06-01T10:01', 'pay-1', eur(2_000), forOrder);

/** What an account's events tell the scopes, and what it keeps of how the buyer spends. */
function telling(wanted: readonly SlimType[], events: readonly ToldEvent[], until?: string) {
  const stage = accountStage(defaultDetectionSettings, { slimTypes: new Set(wanted) });
  const state = stage.newState('buyer');
  const shared = stage.newShared();
  const out: Outgoing[] = [];
  for (const event of events.map(eventOf)) stage.apply(state, event, shared, event.at, { value: null, headers: undefined }, out);
  if (until !== undefined) stage.fire(state, shared, Date.parse(until), out);
  const slim = out.filter((one) => one.kind === 'slim');
  return { slim, heard: slim.map(({ cells }) => unpackSlimEvent(cells, 0)), spend: state.spend };
}

describe('what an account tells the other scopes', () => {
  it('is what somebody listens to, with the account and the event that made it so', () => {
    const { slim, heard } = telling(['payment', 'attempt'], [paid]);
    expect(heard.map(({ scope, key, type }) => [scope, key, type])).toEqual([['merchant', 'shop', 'payment']]);
    expect(heard[0]).toMatchObject({ accountId: 'buyer', eventId: paid.id, at: Date.parse('2026-06-01T10:01Z') });
    expect(slim[0]).toMatchObject({ kind: 'slim', topic: 'scope-events', group: groupOf('merchant/shop') });
    expect(slim[0]!.sumFrom).toBeUndefined();
    expect(telling(['complaint'], [paid]).slim).toEqual([]);
    expect(telling([], [paid]).slim).toEqual([]);
  });

  it('is a sum that names neither, so that equal ones of a minute add up', () => {
    const { slim, heard } = telling(['outcomes'], [paid]);
    expect(heard).toMatchObject([{ scope: 'route', type: 'outcomes', accountId: '', eventId: '', data: [0, 1, 0] }]);
    expect(slim[0]!.sumFrom).toBe(6);
  });

  it('names no event where silence made it so', () => {
    const order = [
      placed('2026-06-01T10:00', eur(2_000), { deliverBy: '2026-06-10T10:00:00Z' }),
      paid,
      confirmed('2026-06-01T10:02'),
    ];
    expect(telling(['undelivered'], order, '2026-08-01T00:00:00Z').heard).toMatchObject([
      { type: 'undelivered', accountId: 'buyer', eventId: '', data: ['order-1'] },
    ]);
  });

  it('is nothing of nobody, nor twice of one payment that comes again under another id', () => {
    const unknown = told('chargeback.opened', '2026-06-20T10:00', { chargebackId: 'cb', paymentId: 'pay-1', amount: eur(2_000) });
    expect(telling(['chargeback'], [paid, unknown]).heard).toMatchObject([{ key: 'shop' }]);
    expect(telling(['chargeback'], [unknown]).slim).toEqual([]);
    expect(telling(['payment'], [paid, { ...paid, id: 'again' }]).slim).toHaveLength(1);
  });

  it('follows how a buyer spends only where payments are listened to', () => {
    expect(telling(['payment'], [paid]).spend).toMatchObject({ payments: 1 });
    expect(telling(['outcomes', 'recapture'], [paid]).spend).toBeNull();
    expect(telling(['payment'], [created('2026-06-01T10:00', 'pay-1', eur(2_000))]).spend).toBeNull();
  });

  it('is a later capture in short where that is listened to, with the buyer’s past otherwise', () => {
    const steps = [authorised('2026-06-01T10:00', 'pay-1', eur(2_000), forOrder), paid];
    const types = (wanted: readonly SlimType[]) => telling(wanted, steps).heard.map(({ type }) => type);
    expect(types(['payment'])).toEqual(['payment', 'payment']);
    expect(types(['payment', 'recapture'])).toEqual(['payment', 'recapture']);
    expect(telling(['payment', 'recapture'], steps).spend).toMatchObject({ payments: 1 });
  });
});

it('who hears of findings is nobody where no scope waits for one', () => {
  const onTold = (...wanted: readonly SlimType[]) => createAccountTelling(new Set(wanted), defaultDetectionSettings).onTold;
  expect(onTold('login', 'outcomes')).toBeUndefined();
  expect(onTold('undelivered')).toBeInstanceOf(Function);
  expect(onTold(...slimTypes)).toBeInstanceOf(Function);
});

it('events that no scope listens to have no signals', () => {
  const { before } = createAccountTelling(new Set(['complaint']), defaultDetectionSettings);
  const stage = accountStage();
  const loggedIn = eventOf(told('account.logged_in', '2026-06-01T10:00', {}));
  expect(before(stage.newState('buyer'), loggedIn)).toBeUndefined();
  expect(before(stage.newState('buyer'), eventOf(paid))).toEqual([]);
});

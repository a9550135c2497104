import { THE_ACCOUNT } from '#detection/account-takeover';
import { impossibleTravel } from '#detection/impossible-travel';
import { defaultDetectionSettings } from '#detection/settings';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import { account, AWAY, captured, eur, HOME, told, type ToldEvent } from '#test/scenarios/told-events';

/** From Berlin to Lagos is 5,200 km: 5 h 47 min at 900 km/h. */
const home = (time: string, more: object = {}) => account('logged_in', time, { ...HOME, ...more });
const away = (time: string, more: object = {}) => account('logged_in', time, { ...AWAY, ...more });
const morning = home('2026-06-20T08:00');
const travels = (...events: readonly ToldEvent[]) => saysOf('impossible-travel', events);
const travel = (time: string, from = '2026-06-20T00:00:00Z') =>
  told('account.travel_announced', time, { country: 'NG', from, to: '2026-06-30T00:00:00Z' });

describe('impossible travel', () => {
  it('is two log-ins that one person could not join, from the time of the second', () => {
    const arrival = away('2026-06-20T13:00');
    expect(travels(morning, arrival)).toMatchObject([
      {
        confidence: 'likely',
        status: 'open',
        at: '2026-06-20T13:00:00.000Z',
        loss: null,
        paymentIds: [],
        because: { rule: 'faster-than-travel', figures: { minutes: 300, from: 'DE', to: 'NG', trips: 1 } },
        eventIds: [morning.id, arrival.id],
      },
    ]);
  });

  it.each([
    ['a flight', [morning, away('2026-06-20T14:00')]],
    ['a place nearby', [morning, away('2026-06-20T08:01', { country: 'DE', lat: 52.0, lon: 13.0 })]],
    ['a place that is not known', [morning, away('2026-06-20T08:01', { lat: undefined, lon: undefined })]],
    ['travel that was announced', [travel('2026-06-18T08:00'), morning, away('2026-06-20T09:00')]],
    ['a first log-in', [away('2026-06-20T08:00')]],
    [
      'the way back to the buyer’s own device and network',
      [morning, away('2026-06-20T14:00'), home('2026-06-20T14:05'), away('2026-06-20T14:10'), home('2026-06-20T14:11')],
    ],
    ['a failed log-in', [morning, account('login_failed', '2026-06-20T08:05', AWAY)]],
    ['a step-up that passed with it', [morning, account('step_up_passed', '2026-06-20T09:00', AWAY), away('2026-06-20T09:00')]],
  ])('is not %s', (_what, events) => {
    expect(travels(...events)).toEqual([]);
  });

  it('on the buyer’s own device is only possible: a VPN moves the address, not the telephone', () => {
    expect(travels(morning, away('2026-06-20T09:00', { deviceId: HOME.deviceId }))).toMatchObject([
      { confidence: 'possible', because: { rule: 'faster-than-travel-on-a-known-device' } },
    ]);
  });

  it('needs neither country nor device', () => {
    const bare = { country: undefined, deviceId: undefined, ip: undefined };
    expect(travels(home('2026-06-20T08:00', bare), away('2026-06-20T09:00', bare))).toMatchObject([{ confidence: 'likely' }]);
  });

  it('is measured from the last log-in whose place is known', () => {
    const blind = account('logged_in', '2026-06-20T08:30', undefined);
    expect(travels(morning, blind, away('2026-06-20T09:00'))).toMatchObject([{ confidence: 'likely' }]);
  });

  it('is one finding while it goes on, and another a day later', () => {
    const further = (time: string, n: number) => away(time, { ip: `198.51.${n}.1`, deviceId: `pc-${n}`, lat: -33.9, lon: 151.2 });
    const run = [morning, away('2026-06-20T09:00'), further('2026-06-20T10:00', 1)];
    expect(travels(...run)).toMatchObject([{ because: { figures: { trips: 2 } } }]);
    expect(travels(...run, home('2026-06-22T08:00'), away('2026-06-22T09:00', { deviceId: 'pc-9' }))).toHaveLength(2);
  });

  it('is cleared by a step-up that passes within a day, which a later trip does not share', () => {
    const proof = account('step_up_passed', '2026-06-20T11:00', HOME);
    const told = [morning, away('2026-06-20T09:00'), proof];
    expect(travels(...told)).toMatchObject([{ status: 'cleared' }]);
    const back = home('2026-06-20T11:30');
    const again = away('2026-06-20T12:00', { ip: '198.51.7.1', deviceId: 'pc-7' });
    expect(travels(...told, back, again)).toMatchObject([{ status: 'cleared' }, { status: 'open' }]);
    const late = account('step_up_passed', '2026-06-21T10:00', HOME);
    expect(travels(morning, away('2026-06-20T09:00'), late)).toMatchObject([{ status: 'open' }]);
  });

  it('lasts as long as its day, to the last instant', () => {
    const first = away('2026-06-20T09:00');
    const again = (time: string) => [home('2026-06-20T20:00'), away(time, { ip: '198.51.7.1', deviceId: 'pc-7' })];
    expect(
      travels(home('2026-06-20T08:00'), first, home('2026-06-21T08:00'), away('2026-06-21T09:00', { deviceId: 'pc-7' })),
    ).toMatchObject([{ because: { figures: { trips: 2 } } }]);
    expect(travels(morning, first, ...again('2026-06-20T21:00'))).toMatchObject([{ because: { figures: { trips: 2 } } }]);
    const proof = account('step_up_passed', '2026-06-21T09:00', HOME);
    expect(travels(morning, first, proof)).toMatchObject([{ status: 'cleared' }]);
  });

  it('is claimed in full, and answered by no act but a step-up', () => {
    const arrival = away('2026-06-20T13:00');
    const ledger = ledgerAfter(morning, arrival, account('address_changed', '2026-06-20T14:00', AWAY));
    const detector = impossibleTravel(defaultDetectionSettings['impossible-travel']);
    expect(asked(detector, ledger, THE_ACCOUNT)).toEqual({
      due: NEVER,
      claims: [
        {
          kind: 'impossible-travel',
          confidence: 'likely',
          money: `travel/${arrival.id}`,
          at: Date.parse(arrival.time),
          clearedAt: NEVER,
          merchantId: '',
          orderId: '',
          paymentIds: [],
          loss: null,
          because: {
            rule: 'faster-than-travel',
            fields: ['lat', 'lon'],
            figures: { kilometres: 5198, minutes: 300, from: 'DE', to: 'NG', trips: 1 },
          },
          eventIds: [morning.id, arrival.id],
        },
      ],
    });
  });

  it('counts the trips of its own run only', () => {
    const later = [home('2026-06-22T08:00'), away('2026-06-22T09:00', { deviceId: 'pc-9', ip: '198.51.9.1' })];
    const told = travels(morning, away('2026-06-20T09:00'), ...later);
    expect(told.map(({ because }) => because.figures['trips'])).toEqual([1, 1]);
  });

  it('is likely where one of its trips ended on a device that nobody knew', () => {
    const known = away('2026-06-20T09:00', { deviceId: HOME.deviceId });
    const strange = [home('2026-06-20T09:30'), away('2026-06-20T10:00', { ip: '198.51.7.1', deviceId: 'pc-7' })];
    expect(travels(morning, known, ...strange)).toMatchObject([{ confidence: 'likely', because: { figures: { trips: 2 } } }]);
  });

  it.each([
    ['a device of the buyer’s, its network not named', { deviceId: HOME.deviceId, ip: undefined }, 'possible'],
    ['a network of the buyer’s, its device not named', { ip: HOME.ip, deviceId: undefined }, 'likely'],
  ])('is not excused by %s', (_what, more, confidence) => {
    expect(travels(morning, away('2026-06-20T09:00', more))).toMatchObject([{ confidence }]);
  });

  it('is not known of an account without log-ins, and after eight since the oldest that is left', () => {
    const detector = impossibleTravel(defaultDetectionSettings['impossible-travel']);
    const since = (...events: readonly ToldEvent[]) => detector.knowsSince?.(ledgerAfter(...events));
    const logIns = (count: number) => Array.from({ length: count }, (_, n) => home(`2026-06-01T10:${n + 10}`));
    const none = ledgerAfter(captured('2026-06-20T08:05', 'p', eur(1000)));
    expect(asked(detector, none, THE_ACCOUNT)).toEqual({ due: NEVER, claims: [] });
    expect(since()).toBe(-NEVER);
    expect(since(...logIns(7))).toBe(-NEVER);
    expect(since(...logIns(9))).toBe(Date.parse('2026-06-01T10:11Z') + 1);
  });

  it('is cleared by travel that was announced and told late', () => {
    expect(travels(morning, away('2026-06-20T09:00'), travel('2026-06-19T08:00'))).toMatchObject([{ status: 'cleared' }]);
  });

  it('stays told when the log-ins behind it are forgotten', () => {
    const later = Array.from({ length: 12 }, (_, day) => home(`2026-07-${String(day + 1).padStart(2, '0')}T08:00`));
    expect(travels(morning, away('2026-06-20T09:00'), ...later)).toMatchObject([{ status: 'open' }]);
  });

  it('is not told of payments, which may be captured anywhere', () => {
    expect(travels(morning, captured('2026-06-20T08:05', 'p', eur(1000), { context: AWAY }))).toEqual([]);
  });
});

import { defaultsOf } from '#kernel/setting';
import { days, hours, type InstantMs } from '#kernel/time';
import { merchantAnomaly } from '#detection/merchant-anomaly';
import { merchantAnomalySettings, type MerchantAnomalySettings } from '#detection/merchant-anomaly-settings';
import type { SlimData, SlimEvent } from '#detection/scope-event';
import { cautiousShare } from '#detection/statistics/binomial-surprise';
import { driveScope, isOpenClaim } from '#test/property/drive-scope';

const defaults = defaultsOf(merchantAnomalySettings);
const start = Date.UTC(2026, 2, 2);
const slim = <Type extends keyof SlimData>(type: Type, at: InstantMs, data: SlimData[Type], eventId = `e-${at}`): SlimEvent =>
  ({ scope: 'merchant', key: 'm-1', type, at, eventId, accountId: '', data }) as unknown as SlimEvent;
const captured = (at: InstantMs): SlimEvent => slim('payment', at, ['captured', `p-${at}`, 2_000, 'EUR', '', []]);
/** What is said of the merchant. */
const play = (events: readonly SlimEvent[], settings: Partial<MerchantAnomalySettings> = {}, until = start + days(20)) =>
  driveScope(merchantAnomaly({ ...defaults, ...settings }), 'm-1', events, { until }).said;

describe('an odd share, as worked out by hand', () => {
  const refund = (at: InstantMs, n = 0) => slim('refund', at, [`p-${n}`, `r-${n}`, 2_000, 'EUR', ''], `r-${at}-${n}`);
  const many = (count: number, make: (n: number) => SlimEvent) => Array.from({ length: count }, (_, n) => make(n));
  const refunds = (count: number, at: InstantMs) => many(count, (n) => refund(at + n, n));
  const sales = (count: number, at: InstantMs) => many(count, (n) => captured(at + n));
  const rounded = (share: number) => Math.round(share * 1e3) / 1e3;
  const prior = { share: 0.05, trials: 40 };

  it('is told at the end of its hour, and shows how many of how many and what is usual', () => {
    const events = [...sales(10, start), ...refunds(10, start + 100)];
    expect(play(events, {}, start + hours(1))).toEqual([
      {
        ...{ kind: 'merchant-anomaly', confidence: 'possible', money: 'refund-rate/2026-03-02T01:00:00.000Z', loss: null },
        ...{ at: start + hours(1), saidAt: start + hours(1), clearedAt: expect.any(Number), eventIds: [] },
        ...{ merchantId: 'm-1', orderId: '', paymentIds: [] },
        because: {
          rule: 'refund-rate',
          fields: ['refunds', 'captured'],
          figures: {
            ...{ windowDays: 1, cases: 10, payments: 10, share: 1, usualShare: rounded(cautiousShare(0, 0, prior)) },
            ...{ knownPayments: 0, warmingUp: true },
          },
        },
      },
    ]);
    expect(play(events, {}, start + hours(1) - 1)).toEqual([]);
  });

  it.each([
    ['complaint-rate', (at: InstantMs) => slim('complaint', at, ['c-1', 'payment']), { share: 0.005, trials: 100 }, 'complaints'],
    ['complaint-rate', (at: InstantMs) => slim('reported', at, ['', '']), { share: 0.005, trials: 100 }, 'complaints'],
    ['non-delivery', (at: InstantMs) => slim('undelivered', at, ['o-1']), { share: 0.01, trials: 100 }, 'undelivered'],
  ] as const)('%s is counted against payments', (rule, make, usual, field) => {
    const [told] = play([...sales(20, start), ...many(10, (n) => make(start + n))]);
    expect(told!.because).toMatchObject({
      ...{ rule, fields: [field, 'captured'] },
      figures: { cases: 10, payments: 20, share: 0.5, usualShare: rounded(cautiousShare(0, 0, usual)) },
    });
  });

  it('is none below the number of cases, the rise or the surprise', () => {
    const any = { casesMin: 3, surpriseMin: 0, refundRiseMin: 0 };
    const isTold = (cases: number, of: number, settings: object) =>
      play([...sales(of, start), ...refunds(cases, start)], { ...any, ...settings }).filter(isOpenClaim).length;
    expect([isTold(8, 8, { casesMin: 8 }), isTold(7, 7, { casesMin: 8 })]).toEqual([1, 0]);
    const usual = cautiousShare(0, 0, prior);
    expect([isTold(5, 10, { refundRiseMin: 0.5 - usual }), isTold(5, 10, { refundRiseMin: 0.501 - usual })]).toEqual([1, 0]);
    const surprise = 10 * Math.log10(1 / usual);
    expect([isTold(10, 10, { surpriseMin: surprise - 0.01 }), isTold(10, 10, { surpriseMin: surprise + 0.01 })]).toEqual([1, 0]);
  });

  it('counts what was captured, not what was held or failed', () => {
    const held = many(10, (n) => slim('payment', start + n, ['authorised', `p-${n}`, 2_000, 'EUR', '', []]));
    const [told] = play([...sales(10, start), ...held, ...refunds(10, start)]);
    expect(told!.because.figures).toMatchObject({ payments: 10 });
    expect(play([...held, ...refunds(10, start)])[0]!.because.figures).toMatchObject({ payments: 10, cases: 10 });
  });

  it('is found in a day, or else in a week, and judged by what was before that', () => {
    const daily = [0, 1, 2, 3, 4].flatMap((day) => [...sales(2, start + days(day)), ...refunds(2, start + days(day))]);
    const [told] = play(daily);
    expect(told!.because.figures).toMatchObject({ windowDays: 7, cases: 8, payments: 8, knownPayments: 0 });
    expect(told!.at).toBe(start + days(3) + hours(1));
    const after = [...sales(100, start), ...refunds(5, start), ...sales(10, start + days(3)), ...refunds(10, start + days(3))];
    expect(play(after)[0]!.because.figures).toMatchObject({
      ...{ windowDays: 1, cases: 10, payments: 10, knownPayments: 100, warmingUp: false },
      usualShare: rounded(cautiousShare(5, 100, prior)),
    });
  });

  it('is likely once a hundred payments were known before it', () => {
    const confidence = (known: number) =>
      play([...sales(known, start), ...sales(10, start + days(3)), ...refunds(10, start + days(3))])[0]?.confidence;
    expect([confidence(99), confidence(100)]).toEqual(['possible', 'likely']);
  });

  it('is cleared when no window shows half of it any more: a week later, at the end of an hour', () => {
    const [open, over, ...more] = play([...sales(10, start), ...refunds(10, start)]);
    expect([open!.at, over!.at, over!.clearedAt, more]).toEqual([
      start + hours(1),
      start + hours(1),
      start + days(7) + hours(1),
      [],
    ]);
    expect(over!.money).toBe(open!.money);
    const usual = cautiousShare(0, 0, prior);
    const later = (count: number) =>
      play([...sales(10, start), ...refunds(10, start), ...sales(count, start + hours(2))], { refundRiseMin: 0.2 })[1]!.clearedAt;
    // 10 of 54 is above the usual 0.084 and a tenth, 10 of 55 is not.
    expect(10 / 54).toBeGreaterThan(usual + 0.1);
    expect(10 / 55).toBeLessThan(usual + 0.1);
    expect([later(44), later(45)]).toEqual([start + days(7) + hours(1), start + hours(3)]);
  });

  it('is judged by what was usual a day before it was told', () => {
    const [known, within, odd] = [start + days(1), start + days(2) + hours(2), start + days(3)];
    const story = [
      ...sales(50, known),
      ...sales(30, within),
      ...sales(20, odd),
      ...refunds(20, odd),
      ...sales(400, odd + hours(2)),
    ];
    const [open, over] = play(story);
    expect([open!.because.figures['knownPayments'], open!.because.figures['payments']]).toEqual([50, 50]);
    // By then those of two days ago lie before its day, and within the day before it was told.
    expect([over!.clearedAt, over!.because.figures['knownPayments']]).toEqual([odd + hours(3), 50]);
  });

  it('counts what comes late in an hour of the week, and nothing older', () => {
    const late = (at: InstantMs) =>
      play([...sales(10, start), captured(start + hours(5)), ...refunds(10, at), captured(start + hours(9))])[0]?.because.figures;
    expect(late(start + 50)).toMatchObject({ cases: 10, payments: 11 });
    expect(late(start - hours(2))).toBeUndefined();
  });
});

describe('vettings, one by one', () => {
  const vetting = (at: InstantMs, outcome: string, eventId = `v-${at}`) => slim('vetting', at, [outcome, ''], eventId);
  const said = (events: readonly SlimEvent[], until = start + days(9)) =>
    play(events, {}, until).map(({ because: { rule }, at, clearedAt, eventIds }) => [
      rule.slice('vetting-'.length),
      (at - start) / days(1),
      isOpenClaim({ clearedAt }) ? 'open' : (clearedAt - start) / days(1),
      ...eventIds,
    ]);

  it.each(['lapsed', 'expired', 'failed', 'rejected', 'refused', 'declined', 'revoked', 'suspended', 'withdrawn', 'terminated'])(
    '%s is no pass',
    (outcome) => {
      expect(said([vetting(start, ` ${outcome} `, 'v-1')])).toEqual([['refused', 0, 'open', 'v-1']]);
      expect(said([vetting(start, `not ${outcome}`)])).toEqual([]);
      expect(said([vetting(start, `${outcome} not`)])).toEqual([]);
    },
  );

  it('that was not passed is told once the watermark has passed it, with its time as its name', () => {
    expect(said([vetting(start, 'failed')], start - 1)).toEqual([]);
    const [told] = play([vetting(start, 'failed')], {}, start);
    expect(told).toMatchObject({
      ...{ confidence: 'likely', money: 'vetting-refused/2026-03-02T00:00:00.000Z' },
      because: { rule: 'vetting-refused', fields: ['outcome'], figures: { since: '2026-03-02T00:00:00.000Z' } },
    });
  });

  it('of one instant are judged by event; a refusal of the same instant as a pass, or older than one, stands no longer', () => {
    expect(said([vetting(start, 'passed', 'b'), vetting(start, 'failed', 'a')])).toEqual([['refused', 0, 'open', 'a']]);
    // Told late, it was made good by the pass before which it is dated.
    const late = [vetting(start + days(2), 'passed'), captured(start + days(3)), vetting(start + days(1), 'failed', 'v')];
    expect(said(late)).toEqual([['refused', 1, 2, 'v']]);
  });

  it('are judged in the order of their times, whichever was told first', () => {
    const pass = start + days(1) + 30_000;
    const lines = said([vetting(pass, 'passed', 'b'), vetting(start + days(1), 'failed', 'a')]);
    expect(lines).toEqual([
      ['refused', 1, 'open', 'a'],
      ['refused', 1, (pass - start) / days(1), 'b'],
    ]);
    expect(
      said([vetting(start + days(2), 'failed', 'b'), captured(start + days(3)), vetting(start + days(1), 'failed', 'a')]),
    ).toEqual([['refused', 2, 'open', 'b']]);
  });

  it('is told of the newest refusal; a pass clears it once, an older pass does not', () => {
    const refused = [vetting(start + days(1), 'failed', 'a'), vetting(start + days(2), 'failed', 'b')];
    expect(
      said([...refused, vetting(start + days(3), 'passed', 'c'), vetting(start + days(4), 'passed', 'd')]).slice(0, 3),
    ).toEqual([
      ['refused', 1, 'open', 'a'],
      ['refused', 2, 'open', 'b'],
      ['refused', 2, 3, 'c'],
    ]);
    expect(said([vetting(start, 'passed'), ...refused])).toHaveLength(2);
  });

  it('lapses at the first payment a year after it, and holds again once it is passed', () => {
    const year = start + days(365);
    const events = [vetting(start, 'passed'), captured(year - 1), captured(year + hours(3)), captured(year + hours(9))];
    const [told, ...more] = play(events, {}, start + days(370));
    expect(more).toEqual([]);
    expect(told).toMatchObject({
      ...{ at: year + hours(3), confidence: 'likely', eventIds: [''] },
      because: { rule: 'vetting-lapsed', fields: ['vettedAt'], figures: { paidAt: '2027-03-02T03:00:00.000Z' } },
    });
    const renewed = [...events, vetting(year + days(2), 'passed', 'v-2'), captured(year + days(3))];
    expect(said(renewed, year + days(9))).toEqual([
      ['lapsed', 365.125, 'open', ''],
      ['lapsed', 365.125, 367, 'v-2'],
    ]);
    expect(said([vetting(start, 'passed'), captured(year)], year + days(1))).toEqual([['lapsed', 365, 'open', '']]);
  });
});

import {
  defaultDetectionSettings,
  detectionSettings,
  detectorModes,
  detectorSettings,
  type DetectionSettings,
} from '#detection/settings';
import type { Setting } from '#kernel/setting';
import { accountStage } from '#detection/account-stage';
import { play } from '#test/scenarios/play';
import {
  authorised,
  captured,
  card,
  confirmed,
  created,
  eur,
  forOrder,
  placed,
  refund,
  type ToldEvent,
} from '#test/scenarios/told-events';

const all = Object.entries(detectorSettings).flatMap(([detector, spec]) =>
  Object.entries(spec).map(([name, setting]) => [`${detector}.${name}`, setting as Setting] as const),
);

/** The findings' times and losses by kind, with one detector set otherwise. */
function saysWith<Name extends keyof DetectionSettings>(
  name: Name,
  changed: Partial<DetectionSettings[Name]>,
  events: readonly ToldEvent[],
) {
  const settings = { ...defaultDetectionSettings, [name]: { ...defaultDetectionSettings[name], ...changed } };
  const lines = events.map((event) => JSON.stringify(event));
  return play(lines, '2026-06-30T00:00:00Z', accountStage(settings)).lines.map(({ kind, at, loss }) => ({ kind, at, loss }));
}

describe('the settings of the detectors', () => {
  it.each(all)('%s says what it does and where its default comes from, and the default is within its range', (_name, setting) => {
    const { default: value, min = -Infinity, max = Infinity, doc, source } = setting;
    expect(doc.length).toBeGreaterThan(10);
    expect(source.length).toBeGreaterThan(2);
    if (typeof value === 'number') expect({ value, isWithin: value >= min && value <= max }).toEqual({ value, isWithin: true });
  });

  const day = 86_400_000;
  const held = [authorised('2026-06-01T10:00', 'pay-1', eur(5000))];
  const over = [
    placed('2026-06-01T10:00', eur(10_000)),
    captured('2026-06-01T10:01', 'pay-1', eur(13_000), { ...forOrder, mcc: '5812' }),
    confirmed('2026-06-01T10:02'),
  ];
  const ach = { instrument: { kind: 'bank_account', fingerprint: 'a-1', scheme: 'ach' } };
  const rupees = { minor: 5000, currency: 'INR' };
  const posted = [
    captured('2026-05-04T11:00', 'pay-0', eur(700)),
    refund('posted', '2026-05-06T11:00', eur(700), { refundId: 'refund-0', paymentId: 'pay-0' }),
    captured('2026-05-04T10:01', 'pay-1', eur(5000)),
    refund('succeeded', '2026-06-01T10:00', eur(5000)),
  ];

  it.each([
    ['hold', saysWith('stuck-hold', { visaOnlineMs: 3 * day }, held), { kind: 'stuck-hold', at: '2026-06-04T10:00:00.000Z' }],
    [
      'bank debit',
      saysWith('payment-unconfirmed', { achDays: 1 }, [created('2026-06-01T10:00', 'pay-1', eur(5000), ach)]),
      { kind: 'payment-unconfirmed', at: '2026-06-02T10:00:00.000Z' },
    ],
    [
      'RBI',
      saysWith('payment-unconfirmed', { rbiMerchantDays: 2 }, [
        created('2026-06-01T10:00', 'pay-1', rupees, { instrument: card }),
      ]),
      { kind: 'payment-unconfirmed', at: '2026-06-03T10:00:00.000Z' },
    ],
    [
      'posting',
      saysWith('refund-overdue', { postCardDays: 1 }, posted),
      { kind: 'refund-overdue', at: '2026-06-02T10:00:00.000Z' },
    ],
    [
      'over-capture',
      saysWith('amount-differs-from-order', { visaRestaurantRatio: 0.29 }, over),
      { kind: 'amount-differs-from-order', loss: eur(100) },
    ],
  ])('the %s clock or share that an operator sets is the one that counts', (_name, said, expected) => {
    expect(said).toMatchObject([expected]);
  });
});

describe('configuration', () => {
  it('sets what it names and leaves the rest as it is by default', () => {
    const set = detectionSettings({
      'stuck-hold': { settings: { visaOnlineMs: 1 } },
      'not-a-detector': { settings: { any: 1 } },
    });
    expect(set).toEqual({
      ...defaultDetectionSettings,
      'stuck-hold': { ...defaultDetectionSettings['stuck-hold'], visaOnlineMs: 1 },
    });
    expect(detectionSettings({})).toEqual(defaultDetectionSettings);
  });

  it('names the modes that are not live', () => {
    expect(
      detectorModes({ 'stuck-hold': { mode: 'off' }, 'refund-failed': { mode: 'live' }, score: { mode: 'shadow' } }),
    ).toEqual({
      'stuck-hold': 'off',
      score: 'shadow',
    });
  });
});

import { runs } from '#test/laws/runs';
import fc from 'fast-check';
import { defaultDetectionSettings } from '#detection/settings';
import type { AnyScopeDetector } from '#detection/scope-detector';
import { createScopeDetectors } from '#detection/scope-detectors';
import type { SlimData, SlimEvent, SlimType } from '#detection/scope-event';
import { playScope } from '#detection/scope-play';

const START = Date.UTC(2026, 4, 4, 8);
const LATENESS = 60_000;
const STATE_BYTES_MAX = 64 * 1_024;

const account = fc.integer({ min: 0, max: 40 }).map((n) => `a-${n}`);
const minor = fc.constantFrom(0, 99, 100, 999, 1_000, 5_000, 250_000);
const currency = fc.constantFrom('EUR', 'JPY', 'KWD');
const instrument = fc.integer({ min: 0, max: 60 }).map((n) => `card-${n}`);
const payment = fc.integer({ min: 0, max: 80 }).map((n) => `p-${n}`);
const word = fc.constantFrom('', 'ok', 'lapsed', 'refused', 'delivery');
const signals = fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 4 });
const count = fc.integer({ min: 0, max: 20 });

const arbitraries: { readonly [Type in SlimType]: fc.Arbitrary<SlimData[Type]> } = {
  payment: fc.tuple(
    fc.constantFrom('authorised', 'captured'),
    payment,
    minor,
    currency,
    fc.constantFrom('', 'o-1', 'o-2'),
    signals,
  ),
  recapture: fc.tuple(minor, currency),
  chargeback: fc.tuple(payment, minor, currency, fc.constant(START), signals),
  refund: fc.tuple(payment, payment, minor, currency, word),
  complaint: fc.tuple(payment, word),
  undelivered: fc.tuple(payment),
  delivered: fc.tuple(payment),
  vetting: fc.tuple(word, word),
  reported: fc.tuple(word, word),
  outcomes: fc.tuple(count, count, count),
  login: fc.tuple(fc.constantFrom('failed', 'failed', 'passed')),
  attempt: fc.tuple(fc.constantFrom('failed', 'passed'), payment, minor, currency, instrument, fc.constantFrom('m-1', 'm-2')),
  // A refund is of one payment and goes to one instrument, whoever tells of it.
  act: fc
    .record({
      what: fc.constantFrom('refund.requested', 'refund.succeeded', 'account.payout_changed', 'funds.frozen'),
      n: fc.integer({ min: 0, max: 80 }),
      flags: fc.constantFrom('', 'i', 't', 'a', 'ai'),
    })
    .map(({ what, n, flags }) => [what, `r-${n}`, `p-${n % 50}`, 100 * n, 'EUR', flags, `iban-${n % 20}`] as const),
};

/** Some hundred events of two keys over some hours, by time. */
function eventsOf({ scope, listens }: AnyScopeDetector, max = 300): fc.Arbitrary<readonly SlimEvent[]> {
  const one = fc.oneof(
    ...listens.map((type) => fc.record({ type: fc.constant(type), data: arbitraries[type] as fc.Arbitrary<unknown> })),
  );
  const drafts = fc.array(
    fc.record({
      what: one,
      key: fc.constantFrom('k-1', 'k-1', 'k-1', 'k-2'),
      accountId: account,
      step: fc.integer({ min: 0, max: 90_000 }),
    }),
    { minLength: max / 2, maxLength: max },
  );
  return drafts.map((list) => {
    let at = START;
    return list.map(({ what, key, accountId, step }, n) => {
      at += step;
      return { scope, key, type: what.type, at, data: what.data, eventId: `e-${n}`, accountId } as unknown as SlimEvent;
    });
  });
}

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

describe.each(
  createScopeDetectors(defaultDetectionSettings).map(
    (detector) => [`${detector.name} of a ${detector.scope}`, detector] as const,
  ),
)('%s', (_, detector) => {
  const until = START + 40 * 86_400_000;
  const holds = (property: fc.IPropertyWithHooks<[readonly SlimEvent[]]>): void =>
    void fc.assert(property, { ...runs(8), endOnFailure: true });

  it('changes nothing that it is given, and says the same again for the same events', () => {
    holds(
      fc.property(eventsOf(detector), (events) => {
        expect(playScope(detector, frozen(events), { until })).toEqual(playScope(detector, events, { until }));
      }),
    );
  });

  it('says the same when its states go through their text between events', () => {
    holds(
      fc.property(eventsOf(detector, 120), (events) => {
        expect(playScope(detector, events, { until, throughText: true })).toEqual(playScope(detector, events, { until }));
      }),
    );
  });

  it('keeps a bounded state', () => {
    holds(
      fc.property(eventsOf(detector, 1_200), (events) => {
        for (const text of playScope(detector, events).states.values()) expect(text.length).toBeLessThan(STATE_BYTES_MAX);
      }),
    );
  }, 60_000);

  // A score is made of what was known before it, so that order matters to it; a replay puts a file's events in order first.
  if (detector.scores === true) return;
  it('comes to the same findings when events arrive in another order within the lateness', () => {
    holds(
      fc.property(eventsOf(detector), (events) => {
        const late = (at: number): number => at + ((at * 7_919) % (LATENESS / 2));
        const shuffled = [...events].sort((one, other) => late(one.at) - late(other.at));
        const said = (order: readonly SlimEvent[]) =>
          playScope(detector, order, { until })
            .findings.map(({ at: _at, ...finding }) => ({
              ...finding,
              // The same evidence, in the order in which it came.
              eventIds: [...finding.eventIds].sort(),
              paymentIds: [...finding.paymentIds].sort(),
            }))
            .sort((one, other) => (one.findingId < other.findingId ? -1 : 1));
        expect(said(shuffled)).toEqual(said(events));
      }),
    );
  });
});

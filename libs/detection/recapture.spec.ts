import { days, formatInstant, hours, minutes } from '#kernel/time';
import { createScopeDetectors, wantedTypes } from '#detection/scope-detectors';
import { byTime, type SlimEvent, unpackSlimEvent } from '#detection/scope-event';
import { playScope } from '#detection/scope-play';
import { defaultDetectionSettings } from '#detection/settings';
import { Random } from '#simulator/random';
import { decoded, slimRows } from '#test/scenarios/slim-told';

const detectors = createScopeDetectors(defaultDetectionSettings);
const START = Date.UTC(2026, 0, 5);
const COUNT = 1_500;

/** Payments of two merchants over five weeks, authorised and captured, some in two parts; each fortieth is charged back. */
function platform(): readonly { readonly at: number; readonly event: object }[] {
  const random = new Random('merchants');
  let id = 0;
  const event = (type: string, at: number, data: object) => ({
    at,
    event: { specversion: '1.0', id: `e-${id++}`, source: '/test', type, time: formatInstant(at), data },
  });
  return Array.from({ length: COUNT }, (_, n) => {
    const at = START + n * minutes(33);
    const minor = 500 + Math.floor(random.next() * 9_000);
    const payment = {
      ...{ accountId: `a-${n % 90}`, paymentId: `p-${n}`, merchantId: `m-${n % 2}` },
      ...{ orderId: `o-${n}`, amount: { minor, currency: 'EUR' }, instrument: { kind: 'card', fingerprint: `card-${n % 90}` } },
    };
    const part = { ...payment, amount: { minor: Math.floor(minor / 2), currency: 'EUR' } };
    const captures =
      n % 5 === 0
        ? [
            event('payment.captured', at + hours(1), { ...part, captureId: '1' }),
            event('payment.captured', at + hours(9), { ...part, captureId: '2' }),
          ]
        : [event('payment.captured', at + hours(1), payment)];
    const { accountId, paymentId, amount } = payment;
    const label =
      n % 40 === 0 ? [event('chargeback.opened', at + days(8), { chargebackId: `c-${n}`, accountId, paymentId, amount })] : [];
    return [event('payment.authorised', at, payment), ...captures, ...label];
  })
    .flat()
    .sort((one, other) => one.at - other.at);
}
const events = platform();

/** What merchants hear of it. */
const heard = (tellsScores: boolean): readonly SlimEvent[] =>
  [
    ...slimRows(
      events.map(({ event }) => decoded(event)),
      wantedTypes(detectors, { tellsScores }),
    ),
  ]
    .sort(byTime)
    .map((cells) => unpackSlimEvent(cells, 0))
    .filter(({ scope }) => scope === 'merchant');

const countOf = (of: readonly SlimEvent[], wanted: string) => of.filter(({ type }) => type === wanted).length;

describe('what merchants hear of payments', () => {
  const [short, full] = [heard(false), heard(true)];

  it('is each payment once, and in short that it was captured', () => {
    expect(countOf(short, 'payment')).toBe(COUNT);
    expect(countOf(short, 'recapture')).toBe(COUNT + COUNT / 5);
  });

  it('is every step in full where each is scored', () => {
    expect(countOf(full, 'payment')).toBe(2 * COUNT + COUNT / 5);
    expect(countOf(full, 'recapture')).toBe(0);
  });

  it('leads to the same findings, states and scores, however they hear it', () => {
    const [one, other] = [playScope(detectors, short), playScope(detectors, full)];
    expect(one.findings).toEqual(other.findings);
    expect(one.states).toEqual(other.states);
    const scoredInShort = new Set((one.scores as readonly { eventId: string }[]).map(({ eventId }) => eventId));
    expect(one.scores).toHaveLength(COUNT);
    expect(one.scores).toEqual(
      (other.scores as readonly { eventId: string }[]).filter(({ eventId }) => scoredInShort.has(eventId)),
    );
  });
});

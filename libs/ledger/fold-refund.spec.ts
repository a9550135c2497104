import { NEVER } from '#kernel/time';
import { liftedAt, type Freeze } from '#ledger/freeze';
import type { Ledger } from '#ledger/ledger';
import { amountInChargeCurrency, paidStep, standingOf, STEPS_MAX, type Refund } from '#ledger/refund';
import { inEveryOrder, ledgerAfter } from '#test/scenarios/ledger-after';
import { captured, card, eur, otherCard, refund, told, type ToldEvent } from '#test/scenarios/told-events';

const at = (time: string): number => Date.parse(`${time}:00Z`);
const refundOf = ({ refunds }: Ledger): Refund => {
  expect(refunds).toHaveLength(1);
  return refunds[0] as Refund;
};
const freezeOf = ({ freezes }: Ledger): Freeze => {
  expect(freezes).toHaveLength(1);
  return freezes[0] as Freeze;
};
const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, refundOf);

describe('a refund', () => {
  it('keeps its steps by time, and those of one instant as a refund takes them', () => {
    const { steps, lastAt } = everyOrder(
      refund('requested', '2026-06-01T10:00', eur(500)),
      refund('approved', '2026-06-01T10:00', eur(500)),
      refund('submitted', '2026-06-02T10:00', eur(500), { instrument: card }),
      refund('succeeded', '2026-06-02T10:00', eur(400), { instrument: otherCard }),
    );
    expect(steps.map(({ step, minor, instrument }) => [step, minor, instrument])).toEqual([
      ['requested', 500, null],
      ['approved', 500, null],
      ['submitted', 500, card],
      ['succeeded', 400, otherCard],
    ]);
    expect(lastAt).toBe(at('2026-06-02T10:00'));
  });

  it('took a step told twice at one instant once: the telling of less, then of the smaller id', () => {
    const succeeded = (minor: number, id: string) => ({ ...refund('succeeded', '2026-06-02T10:00', eur(minor)), id });
    expect(everyOrder(succeeded(500, 'a'), succeeded(400, 'c'), succeeded(400, 'b')).steps).toMatchObject([
      { minor: 400, eventId: 'b' },
    ]);
  });

  it('of a feed that repeats itself keeps its first steps', () => {
    const time = (n: number) => new Date(Date.UTC(2026, 5, 1) + n * 60_000).toISOString();
    const many = Array.from({ length: STEPS_MAX + 3 }, (_, n) => refund('submitted', time(n), eur(1)));
    const { steps } = refundOf(ledgerAfter(...many.toReversed()));
    expect(steps).toHaveLength(STEPS_MAX);
    expect(steps.at(-1)?.at).toBe(Date.parse(time(STEPS_MAX - 1)));
  });

  it('makes its payment known', () => {
    expect(ledgerAfter(refund('requested', '2026-06-01T10:00', eur(500))).payments).toMatchObject([
      { id: 'pay-1', startedAt: NEVER, lastAt: at('2026-06-01T10:00') },
    ]);
  });

  it('stands with the first telling of each step', () => {
    const twice = ['requested', 'approved', 'rejected', 'submitted', 'succeeded', 'posted'].flatMap((step, n) => [
      refund(step, `2026-06-0${n + 1}T10:00`, eur(500), {}),
      refund(step, `2026-06-0${n + 1}T12:00`, eur(500), {}),
    ]);
    const standing = standingOf(refundOf(ledgerAfter(...twice)));
    expect(Object.entries(standing).map(([step, told]) => [step, told?.at])).toEqual([
      ['requested', at('2026-06-01T10:00')],
      ['approved', at('2026-06-02T10:00')],
      ['rejected', at('2026-06-03T10:00')],
      ['submitted', at('2026-06-04T10:00')],
      ['succeeded', at('2026-06-05T10:00')],
      ['posted', at('2026-06-06T10:00')],
      ['failed', undefined],
      ['succeededBefore', undefined],
    ]);
  });

  it('that failed stands as approved, and remembers the success that the failure undid', () => {
    const events = [
      refund('approved', '2026-06-01T10:00', eur(500)),
      refund('submitted', '2026-06-01T11:00', eur(500)),
      refund('succeeded', '2026-06-02T10:00', eur(500)),
      refund('posted', '2026-06-02T11:00', eur(500)),
      refund('failed', '2026-06-03T10:00', eur(500)),
    ];
    const standing = standingOf(refundOf(ledgerAfter(...events)));
    expect(standing).toMatchObject({
      approved: { at: at('2026-06-01T10:00') },
      failed: { at: at('2026-06-03T10:00') },
      succeededBefore: { at: at('2026-06-02T10:00') },
    });
    expect([standing.submitted, standing.succeeded, standing.posted]).toEqual([undefined, undefined, undefined]);
    // Its failure told again undoes nothing more; one after another try does.
    const again = refund('failed', '2026-06-03T12:00', eur(500));
    expect(standingOf(refundOf(ledgerAfter(...events, again))).failed?.at).toBe(at('2026-06-03T10:00'));
    const tried = refund('submitted', '2026-06-03T11:00', eur(500));
    expect(standingOf(refundOf(ledgerAfter(...events, tried, again)))).toMatchObject({
      failed: { at: at('2026-06-03T12:00') },
      succeededBefore: undefined,
      submitted: undefined,
    });
    const repaid = refund('succeeded', '2026-06-03T11:00', eur(500));
    expect(standingOf(refundOf(ledgerAfter(...events, repaid, again)))).toMatchObject({
      failed: { at: at('2026-06-03T12:00') },
      succeededBefore: { at: at('2026-06-03T11:00') },
    });
  });

  it('that failed before anything else was told has failed', () => {
    const failed = refund('failed', '2026-06-03T10:00', eur(500));
    expect(standingOf(refundOf(ledgerAfter(failed))).failed?.at).toBe(at('2026-06-03T10:00'));
  });

  it('moved the money with its success, or with its posting where no success was told', () => {
    const posted = refund('posted', '2026-06-03T10:00', eur(500));
    const succeeded = refund('succeeded', '2026-06-02T10:00', eur(500));
    const paid = (...events: readonly ToldEvent[]) => paidStep(standingOf(refundOf(ledgerAfter(...events))))?.step;
    expect(paid(posted)).toBe('posted');
    expect(paid(posted, succeeded)).toBe('succeeded');
    expect(paid(refund('submitted', '2026-06-02T10:00', eur(500)))).toBeUndefined();
  });

  it('in another currency counts as what it was declared to stand for', () => {
    const [paid] = refundOf(
      ledgerAfter(
        refund('succeeded', '2026-06-02T10:00', { minor: 540, currency: 'USD' }, { exchange: { from: eur(500), rate: 1.08 } }),
      ),
    ).steps;
    expect(amountInChargeCurrency(paid!)).toEqual(eur(500));
    expect(amountInChargeCurrency({ ...paid!, exchange: null })).toEqual({ minor: 540, currency: 'USD' });
  });
});

describe('a freeze', () => {
  const frozen = (time: string, more: object = {}, id?: string) => ({
    ...told('funds.frozen', time, { freezeId: 'freeze-1', ...more }),
    ...(id === undefined ? {} : { id }),
  });
  const unfrozen = (time: string, more: object = {}) => told('funds.unfrozen', time, { freezeId: 'freeze-1', ...more });
  const everyOrder = (...events: readonly ToldEvent[]) => inEveryOrder(events, freezeOf);

  it('begins with its first telling and ends when the newest says', () => {
    expect(
      everyOrder(
        frozen('2026-06-01T10:00', { until: '2026-06-05T10:00:00Z', amount: eur(500) }, 'b'),
        frozen('2026-06-01T10:00', { until: '2026-06-06T10:00:00Z' }, 'a'),
        frozen('2026-06-01T12:00', { until: '2026-06-09T10:00:00Z' }, 'z'),
        frozen('2026-06-02T10:00', { until: '2026-06-07T10:00:00Z' }, '0'),
        frozen('2026-06-02T10:00', { until: '2026-06-08T10:00:00Z' }, 'd'),
      ),
    ).toMatchObject({
      frozenAt: at('2026-06-01T10:00'),
      frozenEventId: 'a',
      until: at('2026-06-08T10:00'),
      renewedAt: at('2026-06-02T10:00'),
      renewedEventId: 'd',
      amount: eur(500),
      amountAt: at('2026-06-01T10:00'),
      lastAt: at('2026-06-02T10:00'),
    });
  });

  it('that was renewed without an end has none', () => {
    expect(everyOrder(frozen('2026-06-01T10:00', { until: '2026-06-05T10:00:00Z' }), frozen('2026-06-02T10:00')).until).toBe(
      NEVER,
    );
  });

  it('is of its newest amount, of one instant the greater', () => {
    const amount = (time: string, minor: number) => frozen(time, { amount: eur(minor) });
    expect(everyOrder(amount('2026-06-01T10:00', 900), amount('2026-06-02T10:00', 500)).amount).toEqual(eur(500));
    expect(everyOrder(amount('2026-06-01T10:00', 900), amount('2026-06-01T10:00', 500)).amount).toEqual(eur(900));
  });

  it('is lifted when its releases add up to it, or by one that names no amount', () => {
    const freeze = frozen('2026-06-01T10:00', { amount: eur(500) });
    const part = (time: string, minor: number) => unfrozen(time, { amount: eur(minor) });
    const lift = (by: number | undefined, ...events: readonly ToldEvent[]) => liftedAt(everyOrder(freeze, ...events), by);
    const [first, second] = [part('2026-06-02T10:00', 200), part('2026-06-03T10:00', 300)];
    expect(lift(undefined)).toMatchObject({ at: NEVER, leftMinor: 500 });
    expect(lift(undefined, first)).toMatchObject({ at: NEVER, leftMinor: 300 });
    expect(lift(undefined, first, second)).toMatchObject({ at: at('2026-06-03T10:00'), leftMinor: 300 });
    expect(lift(at('2026-06-03T10:00'), first, second).at).toBe(at('2026-06-03T10:00'));
    expect(lift(at('2026-06-03T10:00') - 1, first, second)).toMatchObject({ at: NEVER, leftMinor: 300 });
    expect(lift(undefined, first, first)).toMatchObject({ at: NEVER, leftMinor: 300 });
    // As much again a day later is no telling of the same.
    expect(lift(undefined, first, part('2026-06-03T10:00', 200))).toMatchObject({ at: NEVER, leftMinor: 100 });
    expect(lift(undefined, part('2026-06-02T10:00', 0))).toMatchObject({ at: NEVER, leftMinor: 500 });
    expect(lift(undefined, first, part('2026-06-02T10:00', 300))).toMatchObject({ at: at('2026-06-02T10:00'), leftMinor: 300 });
    expect(lift(undefined, unfrozen('2026-06-02T10:00'))).toMatchObject({ at: at('2026-06-02T10:00'), leftMinor: 500 });
    expect(liftedAt(everyOrder(frozen('2026-06-01T10:00'), first))).toMatchObject({ at: at('2026-06-02T10:00'), leftMinor: 0 });
  });

  it('stands anew where it was frozen again after it was lifted, and until a later release', () => {
    const again = [frozen('2026-06-01T10:00', { amount: eur(500) }), unfrozen('2026-06-02T10:00')];
    const anew = frozen('2026-06-05T10:00', { amount: eur(300) });
    const lift = (...events: readonly ToldEvent[]) => liftedAt(everyOrder(...again, ...events));
    expect(lift()).toEqual({ at: at('2026-06-02T10:00'), leftMinor: 500, since: at('2026-06-01T10:00') });
    expect(lift(anew)).toEqual({ at: NEVER, leftMinor: 300, since: at('2026-06-05T10:00') });
    expect(lift(anew, unfrozen('2026-06-06T10:00'))).toMatchObject({ at: at('2026-06-06T10:00'), leftMinor: 300 });
    // Lifted in the very instant in which it was frozen: lifted.
    expect(lift(frozen('2026-06-02T10:00', { amount: eur(300) }))).toMatchObject({ at: at('2026-06-02T10:00') });
  });
});

describe('what was told of two refunds or freezes', () => {
  it('stays apart', () => {
    const ledger = ledgerAfter(
      captured('2026-06-01T09:00', 'pay-1', eur(900)),
      refund('requested', '2026-06-01T10:00', eur(500)),
      refund('requested', '2026-06-01T10:00', eur(300), { refundId: 'refund-2' }),
      told('funds.frozen', '2026-06-01T10:00', { freezeId: 'freeze-1' }),
      told('funds.frozen', '2026-06-01T10:00', { freezeId: 'freeze-2' }),
    );
    expect(ledger.refunds.map(({ id, steps }) => [id, steps[0]?.minor])).toEqual([
      ['refund-1', 500],
      ['refund-2', 300],
    ]);
    expect(ledger.freezes.map(({ id }) => id)).toEqual(['freeze-1', 'freeze-2']);
  });
});

import { areOtherLines, chargesOf, isActive, lastEpisode, surplusAt, turningPoints } from '#detection/charges';
import { hours, NEVER } from '#kernel/time';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { authorised, captured, ended, eur, refund, type ToldEvent } from '#test/scenarios/told-events';

const pay = (paymentId: string, time: string, minor: number, more: object = {}) =>
  captured(`2026-06-11T${time}`, paymentId, eur(minor), more);
const back = (paymentId: string, time: string, minor: number) =>
  refund('succeeded', `2026-06-12T${time}`, eur(minor), { paymentId, refundId: `${paymentId} ${time}` });
const at = (time: string, day = 11) => Date.parse(`2026-06-${day}T${time}Z`);
const charges = (...events: readonly ToldEvent[]) => {
  const ledger = ledgerAfter(...events);
  return chargesOf(ledger, ledger.payments, hours(24));
};
const told = (...events: readonly ToldEvent[]) =>
  charges(...events).map(({ payment, capture }) => `${payment.id} ${String(capture.minor)}`);
const sums = (total: number, ...events: readonly ToldEvent[]) => {
  const { repeatedMinor, excessMinor, repeat, oversized } = surplusAt(charges(...events), total, at('23:00', 13));
  return { repeatedMinor, excessMinor, repeat: repeat?.payment.id, oversized: oversized?.payment.id };
};

describe('the charges of payments', () => {
  it('are their captures by time, then by payment, and none of one that was only authorised', () => {
    const hold = authorised('2026-06-11T09:00', 'held', eur(100));
    const later = pay('a', '12:00', 300, { captureId: 'c2' });
    const events = [hold, later, pay('b', '11:00', 200), pay('a', '10:00', 100, { captureId: 'c1' })];
    expect(told(...events)).toEqual(['a 100', 'b 200', 'a 300']);
    expect(told(pay('b', '10:00', 100), pay('c', '10:00', 100), pay('a', '10:00', 100))).toEqual(['a 100', 'b 100', 'c 100']);
  });

  it.each([
    ['a retry is none', {}, 100, '12:00', ['a 100']],
    ['another key is another charge', { idempotencyKey: 'key-b' }, 100, '12:00', ['a 100', 'b 100']],
    ['another sum is another charge', {}, 101, '12:00', ['a 100', 'b 101']],
    ['no key is another charge', { idempotencyKey: undefined }, 100, '12:00', ['a 100', 'b 100']],
  ])('of one key: %s', (_what, more, minor, time, expected) => {
    const first = pay('a', '10:00', 100, { idempotencyKey: 'key' });
    expect(told(first, pay('b', time, minor, { idempotencyKey: 'key', ...more }))).toEqual(expected);
    expect(told(pay('b', time, minor, { idempotencyKey: 'key', ...more }), first)).toEqual(expected);
  });

  it('of one key in another currency, or after its life, are two', () => {
    const key = { idempotencyKey: 'key' };
    const first = pay('a', '10:00', 100, key);
    expect(told(first, captured('2026-06-11T12:00', 'b', { minor: 100, currency: 'USD' }, key))).toHaveLength(2);
    expect(told(first, captured('2026-06-12T10:00', 'b', eur(100), key))).toHaveLength(1);
    expect(told(first, captured('2026-06-12T10:01', 'b', eur(100), key))).toHaveLength(2);
  });

  it('without a key are two, though neither has one', () => {
    const keyless = { idempotencyKey: undefined };
    expect(told(pay('a', '10:00', 100, keyless), pay('b', '10:01', 100, keyless))).toHaveLength(2);
  });

  it('count from their capture until all of the payment came back', () => {
    const [charge] = charges(pay('a', '10:00', 100), back('a', '10:00', 100));
    const [before, from, until, end] = [at('09:59'), at('10:00'), at('09:59', 12), at('10:00', 12)];
    expect([before, from, until, end].map((instant) => isActive(charge!, instant))).toEqual([false, true, true, false]);
  });
});

describe('the instants at which the sum that the seller holds changes', () => {
  it('are each capture, each refund and the whole return, once, ascending', () => {
    const events = [pay('b', '10:00', 200), pay('a', '11:00', 100), back('b', '09:00', 50), back('a', '08:00', 100)];
    expect(turningPoints(charges(...events))).toEqual([at('10:00'), at('11:00'), at('08:00', 12), at('09:00', 12)]);
  });

  it('are that of a void, and no instant that never comes', () => {
    expect(turningPoints(charges(pay('a', '10:00', 100)))).toEqual([at('10:00')]);
    expect(turningPoints(charges(pay('a', '10:00', 100), ended('voided', '2026-06-11T12:00', 'a')))).toEqual([
      at('10:00'),
      at('12:00'),
    ]);
  });
});

describe('order lines', () => {
  const other = (left: object, right: object) => {
    const [one, two] = charges(pay('a', '10:00', 100, left), pay('b', '11:00', 100, right));
    return areOtherLines(one!, two!);
  };

  it.each([
    ['none the same', { lineIds: ['1'] }, { lineIds: ['2', '3'] }, true],
    ['one the same', { lineIds: ['1', '2'] }, { lineIds: ['2', '3'] }, false],
    ['not known of the first', {}, { lineIds: ['2'] }, false],
    ['not known of the second', { lineIds: ['1'] }, {}, false],
    ['empty of the first', { lineIds: [] }, { lineIds: ['2'] }, false],
    ['empty of the second', { lineIds: ['1'] }, { lineIds: [] }, false],
  ])('are others: %s', (_what, left, right, expected) => {
    expect(other(left, right)).toBe(expected);
  });
});

describe('what the seller holds beyond the total', () => {
  it('is nothing up to it', () => {
    const none = { repeatedMinor: 0, excessMinor: 0, repeat: undefined, oversized: undefined };
    expect(sums(300, pay('a', '10:00', 100), pay('b', '11:00', 200))).toEqual(none);
  });

  it('is repeated by the first charge beyond it, and each after it', () => {
    const events = [pay('a', '10:00', 200), pay('b', '11:00', 200), pay('c', '12:00', 200)];
    expect(sums(300, ...events)).toEqual({ repeatedMinor: 300, excessMinor: 0, repeat: 'b', oversized: undefined });
  });

  it('is too large where one charge alone exceeds it, and that one stays the oversized one', () => {
    const events = [pay('a', '10:00', 400, { lineIds: ['1'] }), pay('b', '11:00', 50, { lineIds: ['2'] })];
    expect(sums(300, ...events)).toEqual({ repeatedMinor: 0, excessMinor: 150, repeat: undefined, oversized: 'a' });
    const both = { repeatedMinor: 50, excessMinor: 100, repeat: 'b', oversized: 'a' };
    expect(sums(300, pay('a', '10:00', 400), pay('b', '11:00', 50))).toEqual(both);
  });

  it('is less by what came back of that payment, and of no other', () => {
    const events = [pay('a', '10:00', 300), pay('b', '11:00', 200)];
    expect(sums(300, ...events, back('b', '10:00', 50))).toMatchObject({ repeatedMinor: 150 });
    expect(sums(300, ...events, back('a', '10:00', 50))).toMatchObject({ repeatedMinor: 200 });
  });

  it('of which a part came back is lessened once, the repeated before the too large', () => {
    const [first, second] = [pay('a', '10:00', 400, { captureId: 'c1' }), pay('a', '11:00', 100, { captureId: 'c2' })];
    expect(sums(300, first, second)).toMatchObject({ repeatedMinor: 100, excessMinor: 100 });
    expect(sums(300, first, second, back('a', '10:00', 150))).toMatchObject({ repeatedMinor: 0, excessMinor: 50 });
    expect(sums(300, first, second, back('a', '10:00', 250))).toMatchObject({ repeatedMinor: 0, excessMinor: 0 });
  });

  it('by further captures of the only payment is repeated only above what was authorised, or where nothing was', () => {
    const captures = [pay('a', '10:00', 300, { captureId: 'c1' }), pay('a', '11:00', 100, { captureId: 'c2' })];
    const hold = (minor: number) => authorised('2026-06-11T09:00', 'a', eur(minor));
    expect(sums(300, hold(400), ...captures)).toMatchObject({ repeatedMinor: 0, excessMinor: 100, oversized: 'a' });
    expect(sums(300, hold(399), ...captures)).toMatchObject({ repeatedMinor: 100, excessMinor: 0, repeat: 'a' });
    expect(sums(300, ...captures)).toMatchObject({ repeatedMinor: 100, excessMinor: 0, repeat: 'a' });
    expect(sums(300, hold(400), captures[0]!, pay('b', '11:00', 100))).toMatchObject({ repeatedMinor: 100, repeat: 'b' });
  });

  it('was never taken by a payment that came back as a whole', () => {
    expect(sums(300, pay('a', '10:00', 300), pay('b', '11:00', 200), back('a', '10:00', 300))).toMatchObject({
      repeatedMinor: 0,
    });
  });
});

describe('the last stretch of time in which something held', () => {
  const episode = (answers: readonly (number | null)[]) =>
    lastEpisode(
      answers.map((_, index) => index),
      (index) => answers[index] ?? null,
      (answer) => answer !== null,
    );

  it.each([
    ['never', [null, null], undefined],
    ['still, with the newest answer', [null, 5, 7], { at: 1, clearedAt: NEVER, answer: 7 }],
    ['until it ended, with the answer before', [5, 7, null, null], { at: 0, clearedAt: 2, answer: 7 }],
    ['again, from then on', [5, null, 7, 8], { at: 2, clearedAt: NEVER, answer: 8 }],
    ['again, until that ended', [5, null, 7, null], { at: 2, clearedAt: 3, answer: 7 }],
  ])('%s', (_what, answers, expected) => {
    expect(episode(answers)).toEqual(expected);
  });
});

import { stuckHold } from '#detection/stuck-hold';
import { holdClock, holdSettings } from '#expectation/hold-clock';
import { defaultsOf } from '#kernel/setting';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import { authorised, captured, card, ended, eur, type ToldEvent } from '#test/scenarios/told-events';

const holds = (...events: readonly ToldEvent[]) => saysOf('stuck-hold', events);
const awaited = (...events: readonly ToldEvent[]) => {
  const ledger = ledgerAfter(...events);
  return asked(stuckHold(holdClock(defaultsOf(holdSettings))), ledger, ledger.payments[0], Date.parse('2026-06-02T10:00Z'));
};
const hold = (more: object = {}) => authorised('2026-06-01T10:00', 'pay-1', eur(31000), more);

describe('a hold that is neither captured nor released', () => {
  it.each([
    ['Visa, online', card, {}, '2026-06-08T10:00:00.000Z'],
    ['Visa, merchant-initiated', card, { initiator: 'merchant' }, '2026-06-06T04:00:00.000Z'],
    ['Visa, in person', card, { presence: 'in_person' }, '2026-06-06T10:00:00.000Z'],
    ['Mastercard, in person', { ...card, scheme: 'mastercard' }, { presence: 'in_person' }, '2026-06-03T10:00:00.000Z'],
    ['Mastercard, merchant-initiated', { ...card, scheme: 'mastercard' }, { initiator: 'merchant' }, '2026-06-08T10:00:00.000Z'],
    ['Mastercard, India', { ...card, scheme: 'mastercard', country: 'IN' }, {}, '2026-06-05T10:00:00.000Z'],
    ['Klarna', { ...card, scheme: 'klarna' }, {}, '2026-06-29T10:00:00.000Z'],
    ['by its provider', card, { captureBefore: '2026-06-04T12:30:00Z' }, '2026-06-04T12:30:00.000Z'],
  ])('is stuck at the end of its validity: %s', (_what, instrument, more, at) => {
    expect(holds(hold({ instrument, ...more }))).toMatchObject([
      { status: 'open', confidence: 'certain', at, loss: eur(31000), paymentIds: ['pay-1'] },
    ]);
  });

  it('is not stuck before', () => {
    expect(saysOf('stuck-hold', [hold()], '2026-06-08T09:59:59Z')).toEqual([]);
    expect(saysOf('stuck-hold', [hold()], '2026-06-08T10:00:00Z')).toHaveLength(1);
  });

  it.each([
    ['captured', captured('2026-06-07T10:00', 'pay-1', eur(31000))],
    ['captured in part, once and for all', captured('2026-06-07T10:00', 'pay-1', eur(10000))],
    ['voided', ended('voided', '2026-06-07T10:00', 'pay-1')],
    ['expired', ended('expired', '2026-06-08T10:00', 'pay-1')],
    ['refused', ended('failed', '2026-06-01T10:01', 'pay-1')],
    ['settled, its capture not told', ended('settled', '2026-06-03T10:01', 'pay-1')],
  ])('says nothing when it was %s in time', (_what, event) => {
    expect(holds(hold(), event)).toEqual([]);
    expect(holds(event, hold())).toEqual([]);
  });

  it('is cleared by a release that came late', () => {
    expect(holds(hold(), ended('voided', '2026-06-10T10:00', 'pay-1'))).toMatchObject([
      { status: 'cleared', at: '2026-06-08T10:00:00.000Z', loss: eur(31000) },
    ]);
  });

  it('starts again with a repeated authorisation, of its newest amount', () => {
    expect(holds(hold(), authorised('2026-06-06T10:00', 'pay-1', eur(40000)))).toMatchObject([
      { at: '2026-06-13T10:00:00.000Z', loss: eur(40000) },
    ]);
  });

  it('is stuck for the rest when captures that name themselves took a part', () => {
    const part = captured('2026-06-02T10:00', 'pay-1', eur(10000), { captureId: 'c1' });
    const rest = captured('2026-06-03T10:00', 'pay-1', eur(21000), { captureId: 'c2' });
    expect(holds(hold(), part)).toMatchObject([{ loss: eur(21000) }]);
    expect(holds(hold(), part, rest)).toEqual([]);
    expect(holds(hold(), part, ended('voided', '2026-06-03T10:00', 'pay-1'))).toEqual([]);
  });

  it('is stuck for what was held at its end, and shows what was captured until then', () => {
    const part = captured('2026-06-02T10:00', 'pay-1', eur(10000), { captureId: 'c1' });
    const atEnd = captured('2026-06-08T10:00', 'pay-1', eur(1000), { captureId: 'c2' });
    const after = captured('2026-06-08T10:01', 'pay-1', eur(2000), { captureId: 'c3' });
    const figures = { authorisedMinor: 31000, capturedMinor: 11000, currency: 'EUR', scheme: 'visa' };
    expect(holds(hold(), part, atEnd, after)).toMatchObject([
      {
        status: 'open',
        loss: eur(20000),
        because: { rule: 'hold-beyond-validity', fields: ['authorised', 'captured'], figures },
      },
    ]);
    const dated = hold({ captureBefore: '2026-06-04T12:30:00Z' });
    expect(holds(dated)).toMatchObject([{ because: { rule: 'hold-beyond-provider-date' }, eventIds: [dated.id] }]);
  });

  it('is cleared by a late capture, of all of it or once and for all, and by none of a part', () => {
    const late = (minor: number, more: object = {}) => captured('2026-06-09T10:00', 'pay-1', eur(minor), more);
    expect(holds(hold(), late(31000, { captureId: 'c1' }))).toMatchObject([{ status: 'cleared' }]);
    expect(holds(hold(), late(100))).toMatchObject([{ status: 'cleared' }]);
    expect(holds(hold(), late(30999, { captureId: 'c1' }))).toMatchObject([{ status: 'open' }]);
  });

  it.each(['voided', 'expired', 'failed'] as const)('authorised anew after it had %s is held again', (how) => {
    const again = authorised('2026-06-03T10:00', 'pay-1', eur(31000));
    expect(holds(hold(), ended(how, '2026-06-02T10:00', 'pay-1'), again)).toMatchObject([{ at: '2026-06-10T10:00:00.000Z' }]);
    expect(holds(hold(), ended(how, '2026-06-03T10:00', 'pay-1'), again)).toEqual([]);
  });

  it.each(['voided', 'expired'] as const)('that had %s, was authorised anew and ended so again is over', (how) => {
    const again = authorised('2026-06-03T10:00', 'pay-1', eur(31000));
    const twice = (time: string) => holds(hold(), ended(how, '2026-06-02T10:00', 'pay-1'), again, ended(how, time, 'pay-1'));
    expect(twice('2026-06-09T10:00')).toEqual([]);
    expect(twice('2026-06-12T10:00')).toMatchObject([{ status: 'cleared', at: '2026-06-10T10:00:00.000Z' }]);
    expect(twice('2026-06-03T10:00')).toEqual([]);
    const renewed = authorised('2026-06-06T10:00', 'pay-1', eur(31000));
    const first = [hold(), ended(how, '2026-06-02T10:00', 'pay-1'), again, ended(how, '2026-06-04T10:00', 'pay-1')];
    expect(holds(...first, renewed)).toMatchObject([{ status: 'open', at: '2026-06-13T10:00:00.000Z' }]);
  });

  it('ends with whichever came first', () => {
    const [voided, expired] = [ended('voided', '2026-06-09T10:00', 'pay-1'), ended('expired', '2026-06-07T10:00', 'pay-1')];
    expect(holds(hold(), expired, voided)).toEqual([]);
    expect(holds(hold(), expired, captured('2026-06-09T10:00', 'pay-1', eur(31000)))).toEqual([]);
    expect(holds(hold(), captured('2026-06-07T10:00', 'pay-1', eur(31000)), voided)).toEqual([]);
  });

  it('of nothing is none', () => {
    expect(holds(authorised('2026-06-01T10:00', 'pay-1', eur(0)))).toEqual([]);
    const { due } = awaited(authorised('2026-06-01T10:00', 'pay-1', eur(0)));
    expect(due).toBe(NEVER);
  });

  it('is awaited until its end, and no more once it is over', () => {
    expect(awaited(hold())).toEqual({ due: Date.parse('2026-06-08T10:00Z'), claims: [] });
    expect(awaited(hold(), captured('2026-06-08T10:00', 'pay-1', eur(31000)))).toEqual({ due: NEVER, claims: [] });
    expect(awaited(captured('2026-06-01T10:00', 'pay-1', eur(31000)))).toEqual({ due: NEVER, claims: [] });
  });
});

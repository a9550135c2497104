import { frozenFunds, frozenFundsDefaults } from '#detection/frozen-funds';
import { NEVER } from '#kernel/time';
import { asked } from '#test/scenarios/asked';
import { ledgerAfter } from '#test/scenarios/ledger-after';
import { saysOf } from '#test/scenarios/says';
import { eur, told, type ToldEvent } from '#test/scenarios/told-events';

const freezes = (...events: readonly ToldEvent[]) => saysOf('frozen-funds', events);
const frozen = (more: object = {}, time = '2026-06-05T09:00') =>
  told('funds.frozen', time, { freezeId: 'f-1', amount: eur(12000), ...more });
const lifted = (time: string, more: object = {}) => told('funds.unfrozen', time, { freezeId: 'f-1', ...more });

describe('a freeze', () => {
  it('is told at the end that it named, or after 21 days when it named none', () => {
    expect(freezes(frozen({ until: '2026-06-08T09:00:00Z' }))).toMatchObject([
      { at: '2026-06-08T09:00:00.000Z', loss: eur(12000) },
    ]);
    expect(freezes(frozen())).toMatchObject([{ at: '2026-06-26T09:00:00.000Z' }]);
  });

  it('says nothing when it was lifted in time, also when that is told first', () => {
    expect(freezes(frozen(), lifted('2026-06-26T09:00'))).toEqual([]);
    expect(freezes(lifted('2026-06-06T09:00'), frozen())).toEqual([]);
  });

  it('is cleared when it was lifted late', () => {
    expect(freezes(frozen(), lifted('2026-07-01T09:00'))).toMatchObject([{ status: 'cleared', at: '2026-06-26T09:00:00.000Z' }]);
  });

  it('that is renewed before its end ends later, and telling it again does not renew one without an end', () => {
    const renewed = frozen({ until: '2026-06-20T09:00:00Z' }, '2026-06-07T09:00');
    expect(freezes(frozen({ until: '2026-06-08T09:00:00Z' }), renewed)).toMatchObject([{ at: '2026-06-20T09:00:00.000Z' }]);
    expect(freezes(frozen(), frozen({}, '2026-06-10T09:00'))).toMatchObject([{ at: '2026-06-26T09:00:00.000Z' }]);
  });

  it('rests on the event that froze it first, or on the one that froze it anew after it was lifted', () => {
    const [first, again] = [
      frozen({ until: '2026-06-08T09:00:00Z' }),
      frozen({ until: '2026-06-20T09:00:00Z' }, '2026-06-07T09:00'),
    ];
    expect(freezes(first, again)).toMatchObject([{ eventIds: [first.id] }]);
    expect(freezes(first, lifted('2026-06-06T09:00'), again)).toMatchObject([{ eventIds: [again.id] }]);
  });

  it('that was lifted in part holds the rest', () => {
    expect(freezes(frozen(), lifted('2026-06-06T09:00', { amount: eur(2000) }))).toMatchObject([
      { status: 'open', loss: eur(10000) },
    ]);
    expect(freezes(frozen(), lifted('2026-06-06T09:00', { amount: eur(2000) }), lifted('2026-06-07T09:00'))).toEqual([]);
  });

  it('of an account without an amount has a loss of null: no sum follows', () => {
    expect(freezes(told('funds.frozen', '2026-06-05T09:00', { freezeId: 'f-2' }))).toMatchObject([{ loss: null }]);
  });

  it('of which only the lifting of a part was told is awaited by nobody', () => {
    const ledger = ledgerAfter(lifted('2026-06-06T09:00', { amount: eur(2000) }));
    expect(asked(frozenFunds(frozenFundsDefaults), ledger, ledger.freezes[0])).toEqual({ due: NEVER, claims: [] });
  });
});

import { slimLines, slimTold } from '#test/scenarios/slim-told';
import { authorised, captured, card, created, ended, eur, type ToldEvent } from '#test/scenarios/told-events';

const heard = (...events: readonly ToldEvent[]) => slimLines(slimTold(events, { wanted: ['outcomes'] }));

describe('what a route hears', () => {
  it('is each payment that went through or failed on it, as a count', () => {
    expect(
      heard(
        created('2026-06-01T10:00', 'pay-1', eur(100)),
        authorised('2026-06-01T10:00', 'pay-1', eur(100)),
        captured('2026-06-01T10:01', 'pay-1', eur(100)),
        captured('2026-06-01T10:02', 'pay-2', eur(100), { provider: 'acme', instrument: { ...card, kind: 'upi' } }),
        created('2026-06-01T10:03', 'pay-3', eur(100)),
        ended('failed', '2026-06-01T10:03', 'pay-3'),
      ),
    ).toEqual([
      'route/psp/card outcomes: 1 0 0',
      'route/psp/card outcomes: 0 1 0',
      'route/acme/upi outcomes: 0 1 0',
      'route/psp/card outcomes: 0 0 1',
    ]);
  });

  it('names the minute, and neither buyer nor event: counts are added up on the way', () => {
    const [told] = slimTold([captured('2026-06-01T10:01:59Z', 'pay-1', eur(100))], { wanted: ['outcomes'] });
    expect(told).toMatchObject({ at: Date.UTC(2026, 5, 1, 10, 1), eventId: '', accountId: '' });
  });

  it('is nothing of a payment whose provider is not known; a method that is not known is other', () => {
    expect(heard(captured('2026-06-01T10:01', 'pay-1', eur(100), { provider: undefined }))).toEqual([]);
    expect(heard(ended('failed', '2026-06-01T10:01', 'pay-1'))).toEqual([]);
  });
});

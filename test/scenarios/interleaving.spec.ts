import fc from 'fast-check';
import { captured, eur, refund, told } from './told-events';
import { runs } from '#test/laws/runs';
import { orders } from './orders';
import { play } from './play';
import { randomStory } from './random-story';
import { endOf } from './verdict';

const UNTIL = '2026-07-20T00:00:00Z';

/** Every finding at its end, in no order. */
const endings = (lines: readonly string[]): readonly string[] =>
  endOf(play(lines, UNTIL).lines)
    .map(({ first, last }) => JSON.stringify([first.at, last]))
    .sort();

describe('a replay', () => {
  it('says the same at the end whatever the order in which its accounts follow each other', () => {
    fc.assert(
      fc.property(fc.array(randomStory, { minLength: 2, maxLength: 3 }), (stories) => {
        const events = stories.flatMap((story, index) =>
          story.map((event) => ({ ...event, id: `${index}-${event.id}`, data: { ...event.data, accountId: `buyer-${index}` } })),
        );
        const mixed = [...events].sort((left, right) => (left.time < right.time ? -1 : 1));
        const reference = endings(orders(events)['one account after the other'] ?? []);
        expect(endings(orders(events)['the last account first'] ?? [])).toEqual(reference);
        // A buyer's own order of events is that of the story in both.
        const queues = stories.map((_, index) => events.filter(({ data }) => data.accountId === `buyer-${index}`));
        expect(endings(mixed.map(({ data }) => JSON.stringify(queues[Number(String(data.accountId).at(-1))]?.shift())))).toEqual(
          reference,
        );
      }),
      runs(60),
    );
  });

  it('an account that comes first in the file misses a posting that a later account shows to be usual', () => {
    const early = [
      captured('2026-05-04T10:00', 'pay-1', eur(5000)),
      refund('succeeded', '2026-06-01T10:00', eur(5000)),
      // Its own clock is past the last look before the end.
      told('account.logged_in', '2026-07-19T10:00', {}),
    ];
    const other = { accountId: 'other' };
    const later = [
      captured('2026-05-04T10:00', 'pay-2', eur(700), other),
      refund('succeeded', '2026-05-05T10:00', eur(700), { ...other, refundId: 'refund-2', paymentId: 'pay-2' }),
      refund('posted', '2026-05-06T10:00', eur(700), { ...other, refundId: 'refund-2', paymentId: 'pay-2' }),
    ];
    const line = (event: object): string => JSON.stringify(event);
    const said = endings([...early, ...later].map(line));
    expect(said).toEqual(endings([...later, ...early].map(line)));
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('"refund-not-posted"');
  });
});

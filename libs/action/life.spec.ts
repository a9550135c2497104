import fc from 'fast-check';
import type { ActionState } from '#case/case';
import { isLive, mayMove, mayReach, moveAction, transitions } from '#action/life';

const states = Object.keys(transitions) as ActionState[];
const anyState = fc.constantFrom(...states);

describe("an action's life", () => {
  it('a step that the table does not name throws', () => {
    fc.assert(
      fc.property(anyState, anyState, (from, to) => {
        const move = () => moveAction({ actionId: 'a', state: from }, to);
        if (transitions[from].includes(to)) expect(move().state).toBe(to);
        else expect(move).toThrow(`cannot go from ${from} to ${to}`);
      }),
    );
  });

  it('no walk sends twice without an unknown outcome between, and nothing leaves refused or failed', () => {
    fc.assert(
      fc.property(fc.array(anyState, { maxLength: 40 }), (wishes) => {
        const walk: ActionState[] = ['proposed'];
        for (const wish of wishes) if (mayMove(walk.at(-1)!, wish)) walk.push(wish);
        walk.forEach((state, index) => {
          if (state === 'sent') expect(['approved', 'unknown']).toContain(walk[index - 1]);
          if (state === 'refused' || state === 'failed') expect(index).toBe(walk.length - 1);
        });
        const sent = walk.indexOf('sent');
        if (sent > 0) expect(walk.slice(0, sent)).toContain('approved');
      }),
    );
  });

  it('what is confirmed was sent, and can only fail afterwards', () => {
    expect(states.filter((from) => mayMove(from, 'confirmed'))).toEqual(['sent', 'unknown', 'pending']);
    expect(transitions.confirmed).toEqual(['failed']);
    expect(mayReach('confirmed', 'sent')).toBe(false);
    expect(mayReach('approved', 'confirmed')).toBe(true);
  });

  it('only what was refused or failed is no longer live', () => {
    expect(states.filter((state) => !isLive(state))).toEqual(['failed', 'refused']);
  });
});

import { NEVER } from '#kernel/time';
import { earliest, setDeadline, type Deadline } from '#detection/deadlines';

const deadline = (at: number, detector: string, subject: string): Deadline => ({ at, detector, subject });

describe('deadlines', () => {
  it('fire by time, those of one instant by detector and subject, however they are kept', () => {
    const ordered = [deadline(1, 'b', 'z'), deadline(2, 'a', 'x'), deadline(2, 'a', 'y'), deadline(2, 'b', 'a')];
    for (const kept of [ordered, ordered.toReversed()]) {
      const left = [...kept];
      const fired: Deadline[] = [];
      for (let next = earliest(left); next !== undefined; next = earliest(left)) {
        fired.push(next);
        left.splice(left.indexOf(next), 1);
      }
      expect(fired).toEqual(ordered);
    }
  });

  it('are one for each detector and subject: set, moved and taken away', () => {
    const state = { deadlines: [] as Deadline[] };
    setDeadline(state, 'hold', 'pay-1', 5);
    setDeadline(state, 'hold', 'pay-2', 6);
    setDeadline(state, 'refund', 'pay-1', 7);
    setDeadline(state, 'hold', 'pay-1', 9);
    expect(state.deadlines).toEqual([deadline(9, 'hold', 'pay-1'), deadline(6, 'hold', 'pay-2'), deadline(7, 'refund', 'pay-1')]);
    setDeadline(state, 'hold', 'pay-1', NEVER);
    setDeadline(state, 'hold', 'pay-3', NEVER);
    expect(state.deadlines).toEqual([deadline(7, 'refund', 'pay-1'), deadline(6, 'hold', 'pay-2')]);
  });
});

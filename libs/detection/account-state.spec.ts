import { newAccountState, nextDeadlineOf } from '#detection/account-state';
import { NEVER } from '#kernel/time';

const deadline = (at: number) => ({ at, detector: 'stuck-hold', subject: `pay-${at}` });

describe('an account is looked at next', () => {
  it('never while it waits for nothing, though it is read late', () => {
    expect(nextDeadlineOf(newAccountState('buyer'))).toBe(NEVER);
    expect(nextDeadlineOf({ ...newAccountState('buyer'), heldUntil: 50 })).toBe(NEVER);
  });

  it('at its earliest deadline, not before more of its past may have come', () => {
    const state = { ...newAccountState('buyer'), deadlines: [deadline(30), deadline(20)] };
    expect([10, 20, 25].map((heldUntil) => nextDeadlineOf({ ...state, heldUntil }))).toEqual([20, 20, 25]);
    expect(nextDeadlineOf(state)).toBe(20);
  });
});

it('a new account was judged under live modes alone and has nothing to tidy away', () => {
  expect(newAccountState('buyer')).toMatchObject({
    judgedBy: '',
    tidiedAt: -NEVER,
    judgedUntil: -NEVER,
    deadlines: [],
    told: [],
  });
});

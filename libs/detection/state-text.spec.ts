import { NEVER } from '#kernel/time';
import { accountStage } from '#detection/account-stage';
import { newAccountState, TIDY_ABOVE, type AccountState } from '#detection/account-state';
import { newSpend, noteSpend } from '#detection/spend';
import { decodeAccountState, encodeAccountState } from '#detection/state-text';
import {
  account,
  authorised,
  captured,
  eur,
  forOrder,
  HOME,
  placed,
  refund,
  told,
  type ToldEvent,
} from '#test/scenarios/told-events';

function stateAfter(...events: readonly ToldEvent[]): AccountState {
  const stage = accountStage();
  const state = stage.newState('buyer');
  for (const event of events) {
    const decoded = stage.decode({ value: Buffer.from(JSON.stringify(event)), headers: undefined });
    if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
    stage.apply(state, decoded.event, stage.newShared(), decoded.at, { value: null, headers: undefined }, []);
  }
  return state;
}
const through = (state: AccountState) => decodeAccountState(encodeAccountState(state), 'buyer');
const cellsOf = (state: AccountState) => JSON.parse(encodeAccountState(state)) as unknown[];

const everything = () =>
  stateAfter(
    placed('2026-06-01T10:00', eur(2_000)),
    captured('2026-06-01T10:01', 'pay-1', eur(2_000), forOrder),
    captured('2026-06-01T10:02', 'pay-2', eur(2_000), forOrder),
    authorised('2026-06-01T10:03', 'pay-3', eur(700)),
    refund('requested', '2026-06-01T11:00', eur(500)),
    told('funds.frozen', '2026-06-01T12:00', { freezeId: 'f-1', amount: eur(100) }),
    account('logged_in', '2026-06-01T13:00', HOME),
    told('complaint.filed', '2026-06-01T14:00', { complaintId: 'c-1', orderId: 'order-1' }),
  );

describe('the state of an account', () => {
  it('of which nothing is known is the same from its text', () => {
    const state = newAccountState('buyer');
    expect(through(state)).toEqual(state);
    expect(encodeAccountState(through(state))).toBe(encodeAccountState(state));
  });

  it('is the same from its text, whatever is known of it', () => {
    const state = everything();
    expect([state.told.length > 0, state.deadlines.length > 1, state.ledger.side !== undefined]).toEqual([true, true, true]);
    expect(through(state)).toEqual(state);
  });

  it('keeps each of its times, and that it never was', () => {
    for (const field of ['judgedUntil', 'tidiedAt', 'heldUntil'] as const) {
      const state = { ...everything(), judgedUntil: -NEVER, tidiedAt: -NEVER, heldUntil: -NEVER };
      expect(through(state)).toMatchObject({ judgedUntil: -NEVER, tidiedAt: -NEVER, heldUntil: -NEVER });
      state[field] = Date.UTC(2026, 5, 7);
      expect(through(state)).toEqual(state);
    }
    const forgot = everything();
    forgot.ledger.forgotAt = Date.UTC(2026, 4, 1);
    expect(through(forgot).ledger.forgotAt).toBe(Date.UTC(2026, 4, 1));
    expect(through(everything()).ledger.forgotAt).toBe(-NEVER);
  });

  it('keeps how the buyer spends, what was not live when it was judged, and from when on it is tidied', () => {
    const state = everything();
    state.spend = newSpend();
    noteSpend(state.spend, 4_000, 'EUR', Date.UTC(2026, 5, 1));
    expect(through(state).spend).toEqual(state.spend);
    expect(through(everything()).spend).toBeNull();
    expect(through({ ...everything(), judgedBy: 'stuck-hold=off' }).judgedBy).toBe('stuck-hold=off');
    expect(through(everything()).judgedBy).toBe('');
    expect(through({ ...everything(), tidyAbove: 200 }).tidyAbove).toBe(200);
    expect(through(everything()).tidyAbove).toBe(TIDY_ABOVE);
  });

  it('keeps what was seen, the newer and the older', () => {
    const state = everything();
    const half = state.seen.newer.slice(0, 4);
    Object.assign(state.seen, { older: half, since: Date.UTC(2026, 5, 1) });
    expect(through(state).seen).toEqual(state.seen);
    expect(state.seen.newer.length).toBeGreaterThan(4);
  });

  it('is short: what is empty is a zero, and left out at the end', () => {
    expect(cellsOf(newAccountState('buyer'))).toEqual([1, 0, [], [], [], [], []]);
    const cells = cellsOf(stateAfter(placed('2026-06-01T10:00', eur(2_000))));
    expect([cells[11], cells[12], cells[13], cells[14], cells[15], cells[16]]).toEqual([undefined, ...Array(5).fill(undefined)]);
    expect(cellsOf({ ...newAccountState('buyer'), judgedBy: 'x=off' }).slice(7)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'x=off']);
  });

  it('of another layout is refused: it is rebuilt instead of guessed at', () => {
    const text = encodeAccountState(everything()).replace('[1,', '[9,');
    expect(() => decodeAccountState(text, 'buyer')).toThrow(
      'state of account buyer has layout 9, expected 1: rebuild it from the log',
    );
  });
});

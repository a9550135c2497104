import fc from 'fast-check';
import type { InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import type { DeadLetter, Emission, Stage } from '#stream/stage';
import { AccountReplay, type ReplayOutputs, type Said } from '#apps/makewhole/replay/account-replay';
import { orderSaid } from '#apps/makewhole/replay/order-said';

interface Ping {
  readonly key: string;
  readonly at: InstantMs;
  readonly bad?: boolean;
}
interface State {
  readonly key: string;
  dueAt: InstantMs;
}
const SILENCE = 1_000;
const LATENESS = 60;
const FUTURE_MS = 300_000;
const say = (what: string, { key }: State, at: InstantMs): Emission => ({
  id: `${what}-${key}-${at}`,
  topic: 'findings',
  key,
  body: String(at),
  digest: '',
  kind: 'finding',
});

/** Says `silent` when a key was not heard of for a second. */
const silence: Stage<State, Ping, null> = {
  name: 'silence',
  latenessMs: LATENESS,
  decode(record) {
    const event = JSON.parse(String(record.value)) as Ping;
    return event.bad === true
      ? { kind: 'dead', letter: { reason: 'invalid-event', bytes: Buffer.alloc(0) } }
      : { kind: 'event', key: event.key, at: event.at, event };
  },
  newState: (key) => ({ key, dueAt: Infinity }),
  newShared: () => null,
  apply(state, event) {
    state.dueAt = Math.max(state.dueAt === Infinity ? 0 : state.dueAt, event.at + SILENCE);
    return { kind: 'applied' };
  },
  nextDeadline: (state) => state.dueAt,
  fire(state, _shared, until, out) {
    if (state.dueAt > until) return [];
    out.push(say('silent', state, state.dueAt));
    const fired = { name: 'silence', subject: state.key, at: state.dueAt };
    state.dueAt = Infinity;
    return [fired];
  },
  encode: (state) => JSON.stringify([state.key, state.dueAt === Infinity ? null : state.dueAt]),
  decodeState(text) {
    const [key, dueAt] = JSON.parse(text) as [string, number | null];
    return { key, dueAt: dueAt ?? Infinity };
  },
  encodeShared: () => '',
  decodeShared: () => null,
};

function run(pings: readonly Ping[], until = 0, appendedAt = 1e9, statesInMemory = 1_000) {
  const said: Said[] = [];
  const letters: [offset: number, reason: string][] = [];
  const outputs: ReplayOutputs<Ping> = {
    said: (one) => void said.push(one),
    deadLetter: (record: LogRecord, letter: DeadLetter) => void letters.push([record.offset, letter.reason]),
    quarantine: () => ({ reason: 'future-event', bytes: Buffer.alloc(0) }),
    timeOf: (emission) => Number(emission.body),
  };
  const replay = new AccountReplay(silence, outputs, { statesMax: statesInMemory, futureMs: FUTURE_MS });
  pings.forEach((ping, offset) => {
    replay.record({ offset, key: null, value: Buffer.from(JSON.stringify(ping)), headers: undefined, appendedAt });
  });
  const endAt = replay.finish(until);
  return { said: orderSaid(said).map(({ emission }) => emission.id), letters, endAt, counts: replay.counts };
}

describe('replay of a file', () => {
  it('a deadline between two events of an account fires at its own time', () => {
    expect(
      run([
        { key: 'a', at: 0 },
        { key: 'a', at: 5_000 },
      ]).said,
    ).toEqual(['silent-a-1000']);
  });

  it('no deadline fires before the account is heard of later than the lateness allows', () => {
    expect(
      run([
        { key: 'a', at: 0 },
        { key: 'a', at: 1_000 + LATENESS - 1 },
      ]).said,
    ).toEqual([]);
  });

  it('after the last event deadlines fire up to the last event time, or up to --until', () => {
    const pings = [
      { key: 'a', at: 0 },
      { key: 'b', at: 1_500 },
    ];
    expect(run(pings)).toMatchObject({ said: ['silent-a-1000'], endAt: 1_500 });
    expect(run(pings, 2_499).said).toEqual(['silent-a-1000']);
    expect(run(pings, 2_500)).toMatchObject({ said: ['silent-a-1000', 'silent-b-2500'], endAt: 2_500 });
  });

  it('an event dated too far ahead is a dead letter and moves no time', () => {
    const future = { key: 'a', at: 1_000 + FUTURE_MS + 1 };
    expect(run([{ key: 'a', at: 0 }, future], 0, 1_000)).toMatchObject({ said: [], letters: [[1, 'future-event']], endAt: 0 });
  });

  it('every line is applied or a dead letter', () => {
    const { counts, letters } = run([
      { key: 'a', at: 0 },
      { key: 'a', at: 1, bad: true },
      { key: 'a', at: 2 },
    ]);
    expect(letters).toEqual([[1, 'invalid-event']]);
    expect(counts).toMatchObject({ events: 3, applied: 2, deadLetters: new Map([['invalid-event', 1]]) });
  });

  it('how many accounts fit into memory changes nothing', () => {
    const ping = fc.record({ key: fc.stringMatching(/^[a-p]$/), at: fc.integer({ min: 0, max: 20_000 }) });
    fc.assert(
      fc.property(fc.array(ping, { maxLength: 200 }), (pings) => {
        expect(run(pings, 30_000, 1e9, 4).said).toEqual(run(pings, 30_000).said);
      }),
    );
  });

  it('the interleaving of accounts changes nothing', () => {
    const ping = fc.record({ key: fc.constantFrom('a', 'b', 'c'), at: fc.integer({ min: 0, max: 20_000 }) });
    fc.assert(
      fc.property(fc.array(ping), fc.array(fc.nat()), (pings, lots) => {
        const queues = new Map<string, Ping[]>();
        for (const one of pings) queues.set(one.key, [...(queues.get(one.key) ?? []), one]);
        const interleaved: Ping[] = [];
        for (let turn = 0; queues.size > 0; turn += 1) {
          const keys = [...queues.keys()];
          const key = keys[(lots[turn % Math.max(1, lots.length)] ?? 0) % keys.length] ?? '';
          const queue = queues.get(key) ?? [];
          interleaved.push(...queue.splice(0, 1));
          if (queue.length === 0) queues.delete(key);
        }
        expect(run(interleaved, 30_000).said).toEqual(run(pings, 30_000).said);
      }),
    );
  });
});

import fc from 'fast-check';
import type { InstantMs } from '#kernel/time';
import type { LogRecord } from '#stream/log';
import type { Applied, Decoded, FiredDeadline, Origin, Outgoing, Stage } from '#stream/stage';
import { type ToyEvent, type ToyState, ToyStage } from '#stream/toy-stage';
import { patience, runs } from '#test/laws/runs';
import { type Draft, draftArbitrary, expectAsPlain, START, troublesArbitrary } from '#test/property/troubled-owner';

interface Learnt {
  newest: Record<string, number>;
  /** Of everything that happened to any key: two histories that differ anywhere differ here. */
  trace: number;
}

/** Records are batches, and the keys share something that every event and every deadline changes and reads. */
class LearningStage implements Stage<ToyState, ToyEvent, Learnt> {
  private readonly toy = new ToyStage();
  readonly name = 'learning';
  readonly latenessMs = 1_000;
  readonly storesTogether = true;

  decode(record: LogRecord): Decoded<ToyEvent> {
    const { origin, events } = JSON.parse(String(record.value)) as { origin: Origin; events: ToyEvent[] };
    return { kind: 'batch', origin, parts: events.map((event) => ({ key: event.key, at: event.at, event })) };
  }
  admit(shared: Learnt, { stream, position }: Origin): boolean {
    if (position <= (shared.newest[stream] ?? -1)) return false;
    shared.newest[stream] = position;
    return true;
  }
  newState = (): ToyState => this.toy.newState();
  newShared = (): Learnt => ({ newest: {}, trace: 0 });
  sharedVersion = (): number => 0;

  apply(state: ToyState, event: ToyEvent, shared: Learnt, watermark: InstantMs, record: LogRecord, out: Outgoing[]): Applied {
    const applied = this.toy.apply(state, event, { taught: [String(shared.trace)], version: 0 }, watermark, record, out as never);
    shared.trace = (Math.imul(shared.trace, 31) + state.trace) | 0;
    return applied;
  }
  nextDeadline = (state: ToyState): InstantMs => this.toy.nextDeadline(state);
  fire(state: ToyState, shared: Learnt, until: InstantMs, out: Outgoing[]): readonly FiredDeadline[] {
    const fired = this.toy.fire(state, { taught: [String(shared.trace)], version: 0 }, until, out as never);
    for (const { at } of fired) shared.trace = (Math.imul(shared.trace, 37) + at) | 0;
    return fired;
  }
  encode = (state: ToyState): string => this.toy.encode(state);
  decodeState = (text: string): ToyState => this.toy.decodeState(text);
  encodeShared = (shared: Learnt): string => JSON.stringify(shared);
  decodeShared = (text: string): Learnt => JSON.parse(text) as Learnt;
}

const batchArbitrary = fc.record({
  stream: fc.constantFrom('one', 'other'),
  events: fc.array(draftArbitrary, { maxLength: 6 }),
  isRepeat: fc.boolean(),
});

describe('a partition of batches whose keys share what they learn', () => {
  it(
    'comes to the same as one thread without faults, shared state included, whatever was lost and whenever',
    async () => {
      const batches = fc.array(batchArbitrary, { minLength: 5, maxLength: 40 });
      const property = fc.asyncProperty(batches, troublesArbitrary(6), async (drafts, troubles) => {
        const { store, plain } = await expectAsPlain(toRecords(drafts), troubles, () => new LearningStage());
        expect(JSON.parse(store.last(0)!.shared)).toEqual(plain.shared);
      });
      await fc.assert(property, runs(200));
    },
    patience(120_000),
  );
});

function toRecords(drafts: readonly { stream: string; events: readonly Draft[]; isRepeat: boolean }[]): LogRecord[] {
  let at = START;
  const positions = new Map<string, number>();
  const values: string[] = [];
  for (const { stream, events, isRepeat } of drafts) {
    const position = (positions.get(stream) ?? -1) + 1;
    positions.set(stream, position);
    const value = JSON.stringify({
      origin: { stream, position },
      events: events.map(({ id, key, step, act, errand, due }) => {
        at += step;
        return { id: `${key}${id}`, key, at, act, errand: `${key}:${errand}`, due: at + due };
      }),
    });
    values.push(value);
    if (isRepeat) values.push(values[Math.floor(values.length / 2)]!);
  }
  return values.map((value, offset) => ({ offset, key: 'g', value: Buffer.from(value), headers: undefined, appendedAt: at }));
}

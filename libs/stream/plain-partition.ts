import { NEVER } from '#kernel/time';
import { type Counts, type Mark, noCounts } from '#stream/effects';
import type { LogRecord } from '#stream/log';
import { type Held, type HeldStates, PartitionLoop } from '#stream/partition-loop';
import type { Stage } from '#stream/stage';
import { ToyStage } from '#stream/toy-stage';

/** What was said, fired, buried and kept, as text that tests compare. */
export interface PlainOutcome {
  readonly sent: readonly string[];
  readonly fired: readonly string[];
  readonly buried: readonly string[];
  readonly counts: Counts;
  readonly states: Readonly<Record<string, string>>;
  readonly watermark: number;
  readonly shared: unknown;
}

/** What one thread without storage and faults makes of a partition's log and of the marks that the clock left. */
export function plainPartition<State, Event, Shared>(
  records: readonly LogRecord[],
  marks: readonly Mark[],
  stage: Stage<State, Event, Shared> = new ToyStage() as never,
): PlainOutcome {
  const held = new Map<string, Held<State>>();
  const states: HeldStates<State> = {
    find: (key) => held.get(key),
    isAtHand: () => true,
    changed: () => undefined,
    add: (key, state) => {
      const one = { key, state, offset: -1, deadline: NEVER, queued: NEVER };
      held.set(key, one);
      return one;
    },
  };
  const loop = new PartitionLoop(stage, states, {
    nextOffset: 0,
    watermark: -NEVER,
    shared: stage.newShared(),
    counts: noCounts(),
  });
  const tick = (before: number): void => {
    for (const { offset, watermark } of marks) if (offset === before && watermark !== null) loop.tick(watermark);
  };
  for (const record of records) {
    tick(record.offset);
    loop.step(record, stage.decode(record));
  }
  tick(records.length);
  const { said, fired, buried } = loop.takeEffects();
  const told = new Map<string, string>();
  const sent = said.filter(({ emission: { id, digest } }) => told.get(id) !== digest && told.set(id, digest));
  return {
    sent: sent.map(({ emission }) => `${emission.id} ${emission.digest}`),
    fired: fired.map(({ key, deadline }) => `${key} ${deadline.subject} ${deadline.at}`),
    buried: buried.map(({ offset, letter }) => `${offset} ${letter.reason}`),
    counts: loop.counts,
    states: Object.fromEntries([...held].map(([key, one]) => [key, stage.encode(one.state)])),
    watermark: loop.watermark,
    shared: JSON.parse(stage.encodeShared(loop.shared) || 'null'),
  };
}

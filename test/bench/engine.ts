import { accountStage } from '#detection/account-stage';
import { commitParameters } from '#postgres/stage-commit';
import { paymentLoad } from '#simulator/payment-load';
import type { LogRecord } from '#stream/log';
import { StageEngine, engineLimits } from '#stream/stage-engine';
import type { CommitAnswer, PartitionCommit, StageStore } from '#stream/stage-store';
import { percentile } from './figure';

/**
 * What an event costs in the detector's own thread, without log and database: decode, fold, detect, bookkeeping, and the commit's
 * parameters with the rolling checkpoint. A piece of 5,000 events is timed at once; the lower tenth is what a machine that is busy
 * with other things distorts least. `node --conditions=makewhole-src -r @swc-node/register test/bench/engine.ts [EVENTS] [ACCOUNTS] [CHECKPOINT_MS]`
 */
const EVENTS = Number(process.argv[2] ?? 400_000);
const ACCOUNTS = Number(process.argv[3] ?? 100_000);
const CHECKPOINT_MS = Number(process.argv[4] ?? engineLimits.checkpointMs);
const PIECE = 5_000;
const PARTITION = 0;

/** Answers at once, after the work that a real commit costs this thread. */
class IdleStore implements StageStore {
  states = 0;
  bytes = 0;
  restart: StageStore['restart'] = () =>
    Promise.resolve({
      watermark: Number.NEGATIVE_INFINITY,
      counts: { applied: 0, duplicate: 0, quarantined: 0, dead_lettered: 0, ignored: 0 },
      shared: null,
      checkpointOffset: 0,
      checkpointWatermark: Number.NEGATIVE_INFINITY,
      checkpointShared: null,
      marks: [],
      hasStates: false,
    });
  load: StageStore['load'] = () => Promise.resolve([]);
  deadlines: StageStore['deadlines'] = () => Promise.resolve([]);
  close = (): Promise<void> => Promise.resolve();

  commit(partitions: readonly PartitionCommit[]): Promise<readonly CommitAnswer[]> {
    for (const value of commitParameters('payment-events', 'dead-letters', partitions))
      if (typeof value === 'string') this.bytes += Buffer.byteLength(value);
    for (const { states } of partitions) this.states += states.length;
    return Promise.resolve(partitions.map(({ progress }) => ({ partition: progress.partition, outcome: 'stored', news: [] })));
  }
}

async function main(): Promise<void> {
  const from = Date.now() - 3_600_000;
  const pieceOf = packedLoad(from);
  const store = new IdleStore();
  const fault = (error: unknown): never => {
    throw error instanceof Error ? error : new Error(String(error));
  };
  const listener = { stored: () => undefined, fenced: fault, failed: (_: unknown, error: unknown) => fault(error), error: fault };
  const engine = new StageEngine(accountStage(), store, listener, {
    ...engineLimits,
    hotStatesMax: 200_000,
    checkpointMs: CHECKPOINT_MS,
  });
  await engine.take({ topic: 'payment-events', partition: PARTITION, epoch: 1, sequence: 0, nextOffset: 0 });
  const pieces: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let at = 0; at < EVENTS; at += PIECE) {
    const records = pieceOf(at);
    const startedAt = performance.now();
    await engine.batch({ topic: 'payment-events', partition: PARTITION, records, endOffset: EVENTS });
    pieces.push(((performance.now() - startedAt) * 1_000) / PIECE);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const settled = pieces.slice(pieces.length / 4);
  console.log(
    JSON.stringify({
      events: EVENTS,
      accounts: ACCOUNTS,
      microsecondsPerEvent: { p10: percentile(settled, 0.1), p50: percentile(settled, 0.5), cpu: (user + system) / EVENTS },
      statesStored: store.states,
      bytesPerState: Math.round(store.bytes / Math.max(1, store.states)),
    }),
  );
  await engine.abort();
}

/** All values in one buffer outside the heap, as fetches are; returns what hands out the piece that begins at an offset. */
function packedLoad(from: number): (offset: number) => LogRecord[] {
  const bytes = Buffer.allocUnsafeSlow(EVENTS * 640);
  const ends = new Float64Array(EVENTS + 1);
  let count = 0;
  for (const { value } of paymentLoad({ seed: 1, accounts: ACCOUNTS, events: EVENTS, from, stepMs: 100_000 / ACCOUNTS })) {
    ends[count + 1] = ends[count]! + bytes.write(value, ends[count]!);
    count += 1;
  }
  const recordAt = (offset: number): LogRecord => ({
    offset,
    key: 'unused',
    value: bytes.subarray(ends[offset]!, ends[offset + 1]!),
    headers: undefined,
    appendedAt: from + 3_600_000,
  });
  return (offset) => Array.from({ length: Math.min(PIECE, EVENTS - offset) }, (_, index) => recordAt(offset + index));
}

void main();

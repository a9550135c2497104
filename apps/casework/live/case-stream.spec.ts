import { Writable } from 'node:stream';
import type { Response } from 'express';
import type { Log, PartitionBatch } from '#stream/log';
import { streamCases } from '#apps/casework/live/case-stream';

const message = {
  data: { case: { caseId: 'c-1', number: 'MW-1', stage: 'open', status: 'open', outcome: null }, revision: 1, notices: [] },
};

/** A log of five changes, handed over as one batch. */
function logOfFive() {
  const seen = { stopped: false, handled: undefined as Promise<void> | undefined };
  const records = [0, 1, 2, 3, 4].map((offset) => ({ offset, value: Buffer.from(JSON.stringify(message)) }));
  let handle: (batch: PartitionBatch) => Promise<void> = () => Promise.resolve();
  const log = {
    admin: () =>
      Promise.resolve({
        offsets: () => Promise.resolve([{ partition: 0, start: 0, end: 5 }]),
        close: () => Promise.resolve(),
      }),
    reader: () => ({
      start: (onBatch: typeof handle) => Promise.resolve(void (handle = onBatch)),
      assign: () =>
        Promise.resolve(void (seen.handled = handle({ topic: 'cases', partition: 0, records } as unknown as PartitionBatch))),
      stop: () => Promise.resolve(void (seen.stopped = true)),
    }),
  } as unknown as Log;
  return { log, seen };
}

/** Takes what is written one piece at a time, each when its place in `waiting` is called. */
function reader() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const response = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _, done) {
      taken.push(String(piece));
      waiting.push(done);
    },
  });
  return { response: response as unknown as Response, taken, waiting };
}

const cases = (taken: readonly string[]): number => taken.filter((piece) => piece.startsWith('event: case')).length;

describe('a reader of the stream of cases who is slow', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
  afterEach(() => jest.useRealTimers());
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  const pass = async (ms: number) => {
    jest.advanceTimersByTime(ms);
    await settle();
  };

  it('is cut off after half a minute without taking anything, and the reader of the log behind it ends', async () => {
    const { log, seen } = logOfFive();
    const { response, taken } = reader();
    const streaming = streamCases(log, response, new Map([[0, 0]]));
    await settle();
    await pass(29_999);
    expect([response.destroyed, seen.stopped]).toEqual([false, false]);
    await pass(1);
    await streaming;
    await seen.handled;
    expect([response.destroyed, seen.stopped, cases(taken), jest.getTimerCount()]).toEqual([true, true, 0, 0]);
  });

  it('holds no more than one change in memory meanwhile', async () => {
    const { log } = logOfFive();
    const { response } = reader();
    const streaming = streamCases(log, response, new Map([[0, 0]]));
    await settle();
    const { writableLength } = response;
    expect(writableLength).toBeLessThan(2 * JSON.stringify(message).length);
    await pass(10_000);
    expect(response.writableLength).toBe(writableLength);
    response.destroy();
    await streaming;
  });

  it('gets everything when it takes what there is every twenty seconds', async () => {
    const { log, seen } = logOfFive();
    const { response, taken, waiting } = reader();
    const streaming = streamCases(log, response, new Map([[0, 0]]));
    for (let turn = 0; cases(taken) < 5 && turn < 20; turn += 1) {
      await pass(20_000);
      for (let done = waiting.shift(); done !== undefined; done = waiting.shift()) {
        done();
        for (let tick = 0; tick < 3; tick += 1) await new Promise((resolve) => process.nextTick(resolve));
      }
      await settle();
    }
    await seen.handled;
    expect([response.destroyed, cases(taken), seen.stopped]).toEqual([false, 5, false]);
    response.destroy();
    await streaming;
    expect(seen.stopped).toBe(true);
  });
});

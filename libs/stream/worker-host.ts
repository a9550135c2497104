import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { packBatch, type PackedBatch } from '#stream/batch-transfer';
import type { PartitionBatch } from '#stream/log';
import type { HostListener, StageHost } from '#stream/stage-host';
import type { StageReport } from '#stream/stage-report';
import type { PartitionProgress } from '#stream/store';

/** What the main thread asks of a worker. */
export type WorkerRequest =
  | { readonly call: number; readonly ask: 'take'; readonly progress: PartitionProgress }
  | { readonly call: number; readonly ask: 'batch'; readonly batch: PackedBatch }
  | { readonly call: number; readonly ask: 'giveUp' | 'drop'; readonly partition: number }
  | { readonly call: number; readonly ask: 'stop' };

/** What a worker says: answers to calls, and what happened to its partitions. */
export type WorkerMessage =
  | { readonly say: 'answer'; readonly call: number; readonly value: number }
  | { readonly say: 'refusal'; readonly call: number; readonly error: string }
  | { readonly say: 'stored'; readonly report: StageReport }
  | { readonly say: 'fenced'; readonly progress: PartitionProgress }
  | { readonly say: 'failed'; readonly progress: PartitionProgress; readonly error: string }
  | { readonly say: 'error'; readonly error: string };

export interface WorkerHostOptions {
  readonly count: number;
  /** The module that a worker runs; it hands its engine to `serveStage`. */
  readonly entry: string;
  /** Handed to each worker as `workerData`. */
  readonly data: unknown;
  /** Node's own options, such as conditions and hooks for running from sources. */
  readonly execArgv: readonly string[];
  /** A worker ended by itself: its memory is gone, and the process had better go too. */
  readonly onDeath: (error: Error) => void;
}

/**
 * What is parsed dies at once if the young generation is large enough; V8's 48 MB let much of it be copied (2 workers draining a
 * backlog: 2.8 against 3.3 times the processor time of raw kafkajs with JSON.parse).
 */
const YOUNG = { maxYoungGenerationSizeMb: 192 };

type Distributed<Request> = Request extends WorkerRequest ? Omit<Request, 'call'> : never;

/** Runs the partitions of a stage on worker threads, each partition always on the same one. */
export function workerHost(options: WorkerHostOptions, listener: HostListener): StageHost {
  const lines = Array.from({ length: options.count }, () => new Line(options, listener));
  const of = (partition: number): Line => lines[partition % lines.length]!;
  return {
    take: (progress) => of(progress.partition).call({ ask: 'take', progress }),
    batch: async (batch: PartitionBatch) => {
      const packed = packBatch(batch);
      await of(batch.partition).call({ ask: 'batch', batch: packed }, [packed.bytes, packed.table.buffer as ArrayBuffer]);
    },
    giveUp: async (partition) => void (await of(partition).call({ ask: 'giveUp', partition })),
    drop: async (partition) => void (await of(partition).call({ ask: 'drop', partition })),
    stop: async () => void (await Promise.all(lines.map((line) => line.stop()))),
  };
}

/** The connection to one worker. */
class Line {
  private readonly worker: Worker;
  private readonly calls = new Map<number, { resolve: (value: number) => void; reject: (error: Error) => void }>();
  private lastCall = 0;
  private isStopping = false;
  private hasEnded = false;

  constructor(
    { entry, data, execArgv, onDeath }: WorkerHostOptions,
    private readonly listener: HostListener,
  ) {
    this.worker = new Worker(entry, { workerData: data, execArgv: [...execArgv], resourceLimits: YOUNG });
    this.worker.on('message', (message: WorkerMessage) => this.hear(message));
    this.worker.once('error', (error) => this.die(error instanceof Error ? error : new Error(String(error)), onDeath));
    this.worker.once('exit', (code) => this.die(new Error(`a worker ended with code ${code}`), onDeath));
  }

  call(request: Distributed<WorkerRequest>, transfer: ArrayBuffer[] = []): Promise<number> {
    if (this.hasEnded) return Promise.reject(new Error('the worker has ended'));
    const call = ++this.lastCall;
    return new Promise((resolve, reject) => {
      this.calls.set(call, { resolve, reject });
      this.worker.postMessage({ ...request, call }, transfer);
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.worker, 'exit');
    this.isStopping = true;
    await this.call({ ask: 'stop' });
    await ended;
  }

  private hear(message: WorkerMessage): void {
    if (message.say === 'answer') this.settle(message.call)?.resolve(message.value);
    else if (message.say === 'refusal') this.settle(message.call)?.reject(new Error(message.error));
    else if (message.say === 'stored') this.listener.stored(message.report);
    else if (message.say === 'fenced') this.listener.fenced(message.progress);
    else if (message.say === 'failed') this.listener.failed(message.progress, new Error(message.error));
    else this.listener.error(new Error(message.error));
  }

  private settle(call: number): { resolve: (value: number) => void; reject: (error: Error) => void } | undefined {
    const waiting = this.calls.get(call);
    this.calls.delete(call);
    return waiting;
  }

  private die(error: Error, onDeath: (error: Error) => void): void {
    for (const { reject } of this.calls.values()) reject(error);
    this.calls.clear();
    this.hasEnded = true;
    if (!this.isStopping) onDeath(error);
    this.isStopping = true;
  }
}

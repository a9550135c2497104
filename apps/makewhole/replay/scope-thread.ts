import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Config } from '#config/config';
import type { InstantMs } from '#kernel/time';
import type { SlimEmission } from '#stream/stage';
import { workerEntry } from '#stream/worker-entry';
import type { Said } from '#apps/makewhole/replay/account-replay';
import type { ScopeOutputs } from '#apps/makewhole/replay/scope-fold';
import { ScopeReplay } from '#apps/makewhole/replay/scope-replay';
import { SlimPiece, type SlimRow } from '#apps/makewhole/replay/slim-piece';
import { scopeStageOf } from '#apps/makewhole/replay/stage';

export interface ScopeThreadData {
  readonly config: Config;
  readonly tellsScores: boolean;
}

/** To the thread: rows as JSON; then until when deadlines fall due. */
export type ScopeThreadRequest = { readonly rows: string } | { readonly until: InstantMs };
/** From it: a piece was taken; what it has to say, in pieces. */
export type ScopeThreadAnswer =
  { readonly type: 'taken' } | { readonly type: 'told'; readonly said: readonly Said[]; readonly scores: readonly object[] };

/** Pieces before a thread is worth its start. */
const PIECES_MIN = 8;
/** Pieces on their way: more would only fill memory. */
const PIECES_MAX = 32;

/** The scope stage of a replay: in a thread of its own once there is much to do, so that it runs while the file is read. */
export class ScopeThread {
  private readonly piece = new SlimPiece((rows) => this.take(rows));
  private readonly held: (readonly SlimRow[])[] = [];
  private worker: Worker | undefined;
  private onTheWay = 0;
  private room: { readonly promise: Promise<void>; resolve(): void } | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly data: ScopeThreadData,
    private readonly outputs: ScopeOutputs,
  ) {}

  hear(emission: SlimEmission): void {
    this.piece.add(emission);
  }

  /** Undefined while there is room for more, else resolves once there is. */
  whenRoom(): Promise<void> | undefined {
    if (this.failure !== undefined) throw this.failure;
    return this.onTheWay < PIECES_MAX ? undefined : (this.room ??= withResolver()).promise;
  }

  /** After the last event; deadlines up to `until` fall due. Resolves when all is told. */
  async finish(until: InstantMs): Promise<void> {
    this.piece.flush();
    if (this.failure !== undefined) throw this.failure;
    if (this.worker === undefined) return this.finishHere(until);
    const ended = once(this.worker, 'exit');
    this.post(this.worker, { until });
    await ended;
  }

  /** Nothing more is wanted of it. The process does not end while the thread is there. */
  async stop(): Promise<void> {
    await this.worker?.terminate();
  }

  private finishHere(until: InstantMs): void {
    const { config, tellsScores } = this.data;
    const replay = new ScopeReplay(() => scopeStageOf(config, tellsScores), this.outputs);
    for (const rows of this.held) replay.take(rows);
    replay.finish(until);
  }

  private take(rows: readonly SlimRow[]): void {
    this.held.push(rows);
    if (this.worker === undefined && this.held.length < PIECES_MIN) return;
    this.worker ??= this.start();
    for (const one of this.held.splice(0)) {
      this.onTheWay += 1;
      this.post(this.worker, { rows: JSON.stringify(one) });
    }
  }

  private start(): Worker {
    const { entry, execArgv } = workerEntry(__dirname, 'scope-thread-entry');
    const worker = new Worker(entry, { workerData: this.data, execArgv: [...execArgv] });
    worker.on('message', (answer: ScopeThreadAnswer) => this.hearAnswer(answer));
    worker.once('error', (error) => {
      this.failure = error;
      this.room?.resolve();
    });
    return worker;
  }

  private hearAnswer(answer: ScopeThreadAnswer): void {
    if (answer.type === 'taken') {
      this.onTheWay -= 1;
      this.room?.resolve();
      this.room = undefined;
    } else {
      for (const said of answer.said) this.outputs.said(said);
      for (const score of answer.scores) this.outputs.score(score);
    }
  }

  private post(worker: Worker, request: ScopeThreadRequest): void {
    worker.postMessage(request);
  }
}

function withResolver(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

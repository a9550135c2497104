import { type InstantMs, NEVER } from '#kernel/time';
import { SCOPE_EVENTS } from '#detection/account-telling';
import { SCORES } from '#detection/emission';
import { areAlike, byTime, isSum, type SlimEvent, unpackSlimEvent } from '#detection/scope-event';
import type { scopeStage } from '#detection/scope-stage';
import { stateKeyOf, type ScopeState } from '#detection/scope-state';
import { noCounts } from '#stream/effects';
import type { LogRecord } from '#stream/log';
import { type Held, type HeldStates, PartitionLoop } from '#stream/partition-loop';
import type { Said } from '#apps/makewhole/replay/account-replay';
import { timeOf } from '#apps/makewhole/replay/message';
import type { SlimRow } from '#apps/makewhole/replay/slim-piece';

type ScopeStage = ReturnType<typeof scopeStage>;

export interface ScopeOutputs {
  said(said: Said): void;
  /** As a line of the file: its time is text. */
  score(score: object): void;
}

/** The scope stage over rows in the order of their times; of those that are alike the first counts. */
export class ScopeFold {
  private readonly loop: ReturnType<typeof loopOf>;
  private readonly saidAt = new Map<string, InstantMs>();
  private before: SlimRow | undefined;
  private offset = 0;

  constructor(
    stage: ScopeStage,
    private readonly outputs: ScopeOutputs,
  ) {
    this.loop = loopOf(stage);
  }

  /** Not before the one before it. */
  row(row: SlimRow): void {
    const isKnown = this.before !== undefined && !isSum(row) && areAlike(this.before, row);
    this.before = row;
    if (isKnown) return;
    const event = unpackSlimEvent(row, 0);
    const part = { key: stateKeyOf(event.scope, event.key), at: event.at, event };
    const origin = { stream: SCOPE_EVENTS, position: this.offset };
    this.loop.step(recordAt(this.offset++, event), { kind: 'batch', origin, parts: [part] });
    const { said, fired } = this.loop.effects;
    if (said.length > 0) this.tell(said.splice(0).map(({ emission }) => emission));
    fired.length = 0;
  }

  /** After the last row; deadlines up to `until` fall due. */
  finish(until: InstantMs): void {
    this.loop.advance(until);
    this.tell(this.loop.effects.said.map(({ emission }) => emission));
  }

  /** Whether a row would come too late to be in order. */
  isPast(row: SlimRow): boolean {
    return this.before !== undefined && byTime(row, this.before) < 0;
  }

  private tell(emissions: readonly Said['emission'][]): void {
    for (const emission of emissions) {
      if (emission.topic === SCORES) {
        this.outputs.score((JSON.parse(emission.body) as { data: { score: object } }).data.score);
        continue;
      }
      const { key } = emission;
      const at = Math.max(timeOf(emission), this.saidAt.get(key) ?? -NEVER);
      this.saidAt.set(key, at);
      this.outputs.said({ key, at, emission });
    }
  }
}

const loopOf = (stage: ScopeStage) =>
  new PartitionLoop(stage, heldInMemory(stage), {
    nextOffset: 0,
    watermark: -NEVER,
    shared: stage.newShared(),
    counts: noCounts(),
  });

const recordAt = (offset: number, { at }: SlimEvent): LogRecord => ({
  offset,
  key: null,
  value: null,
  headers: undefined,
  appendedAt: at,
});

/** Merchants, operators and routes are few; networks lie on shelves of bounded room. */
function heldInMemory(stage: ScopeStage): HeldStates<ScopeState> {
  const held = new Map<string, Held<ScopeState>>();
  return {
    find: (key) => held.get(key),
    isAtHand: () => true,
    changed: () => undefined,
    add: (key, state) => {
      const one = { key, state, offset: -1, deadline: stage.nextDeadline(state), queued: NEVER };
      held.set(key, one);
      return one;
    },
  };
}

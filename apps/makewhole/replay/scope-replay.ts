import { type InstantMs, NEVER } from '#kernel/time';
import { SCOPE_EVENTS } from '#detection/account-telling';
import { SCORES } from '#detection/emission';
import { type SlimEvent, unpackSlimEvent } from '#detection/scope-event';
import type { scopeStage } from '#detection/scope-stage';
import { stateKeyOf, type ScopeState } from '#detection/scope-state';
import { noCounts } from '#stream/effects';
import type { LogRecord } from '#stream/log';
import { type Held, type HeldStates, PartitionLoop } from '#stream/partition-loop';
import type { Cell, SlimEmission } from '#stream/stage';
import type { Said } from '#apps/makewhole/replay/account-replay';
import { timeOf } from '#apps/makewhole/replay/message';
import { RowSorter } from '#apps/makewhole/replay/row-sorter';

export interface ScopeReplayOutputs {
  said(said: Said): void;
  /** As a line of the file: its time is text. */
  score(score: object): void;
}

/**
 * The scope stage over what the accounts of a file told it. In a file everything is known, so that slim events are put in the order
 * of their times (then of their ids) before they are folded: neither the interleaving of accounts nor a second delivery shows.
 */
export class ScopeReplay {
  private readonly rows = new RowSorter<readonly Cell[]>();
  private readonly saidAt = new Map<string, InstantMs>();

  constructor(
    private readonly stage: ReturnType<typeof scopeStage>,
    private readonly outputs: ScopeReplayOutputs,
  ) {}

  hear({ cells, sumFrom }: SlimEmission): void {
    const { at, eventId } = unpackSlimEvent(cells, 0);
    // A sum has no event of its own; what else is alike in place, time, account and event was told twice.
    this.rows.add(at, sumFrom === undefined ? `${eventId} ${JSON.stringify(cells.slice(0, 6))}` : '', cells);
  }

  /** After the last event; deadlines up to `until` fall due. */
  finish(until: InstantMs): void {
    const loop = new PartitionLoop(this.stage, heldInMemory(this.stage), {
      nextOffset: 0,
      watermark: -NEVER,
      shared: this.stage.newShared(),
      counts: noCounts(),
    });
    let before = '';
    let offset = 0;
    for (const { name, row } of this.rows.sorted()) {
      if (name !== '' && name === before) continue;
      before = name;
      const event = unpackSlimEvent(row, 0);
      const part = { key: stateKeyOf(event.scope, event.key), at: event.at, event };
      const origin = { stream: SCOPE_EVENTS, position: offset };
      loop.step(recordAt(offset++, event), { kind: 'batch', origin, parts: [part] });
      this.tell(loop.effects.said.splice(0).map(({ emission }) => emission));
      loop.effects.fired.length = 0;
    }
    loop.advance(until);
    this.tell(loop.effects.said.map(({ emission }) => emission));
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

const recordAt = (offset: number, { at }: SlimEvent): LogRecord => ({
  offset,
  key: null,
  value: null,
  headers: undefined,
  appendedAt: at,
});

/** Merchants, operators and routes are few; networks lie on shelves of bounded room. */
function heldInMemory(stage: ReturnType<typeof scopeStage>): HeldStates<ScopeState> {
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

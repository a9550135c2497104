import type { InstantMs } from '#kernel/time';
import { byTime } from '#detection/scope-event';
import type { scopeStage } from '#detection/scope-stage';
import type { SlimEmission } from '#stream/stage';
import { EarlyFold } from '#apps/makewhole/replay/early-fold';
import { RowSorter } from '#apps/makewhole/replay/row-sorter';
import { ScopeFold, type ScopeOutputs } from '#apps/makewhole/replay/scope-fold';
import { SlimPiece, type SlimRow } from '#apps/makewhole/replay/slim-piece';

/**
 * The scope stage over what the accounts of a file told it. In a file everything is known, so that slim events are put in the order
 * of their times (then of their ids) before they are folded: neither the interleaving of accounts nor a second delivery shows.
 */
export class ScopeReplay {
  private readonly rows = new RowSorter(byTime);
  private readonly piece = new SlimPiece((rows) => this.take(rows));
  private early: EarlyFold | undefined;

  constructor(
    private readonly makeStage: () => ReturnType<typeof scopeStage>,
    private readonly outputs: ScopeOutputs,
    /** Fold while rows still come; scores are not told then. */
    isEarly = false,
  ) {
    if (isEarly) this.early = new EarlyFold(makeStage());
  }

  hear(emission: SlimEmission): void {
    this.piece.add(emission);
  }

  /** `text`: the rows as JSON, where that is at hand. */
  take(rows: readonly SlimRow[], text?: string): void {
    if (this.early === undefined) for (const row of rows) this.rows.add(row);
    else if (!this.early.take(rows, text ?? JSON.stringify(rows))) {
      for (const row of this.early.taken()) this.rows.add(row);
      this.early = undefined;
    }
  }

  /** After the last event; deadlines up to `until` fall due. */
  finish(until: InstantMs): void {
    this.piece.flush();
    if (this.early !== undefined) return this.early.finish(until).forEach((said) => this.outputs.said(said));
    const fold = new ScopeFold(this.makeStage(), this.outputs);
    for (const row of this.rows.sorted()) fold.row(row);
    fold.finish(until);
  }
}

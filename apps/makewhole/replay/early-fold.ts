import type { InstantMs } from '#kernel/time';
import { byTime } from '#detection/scope-event';
import type { scopeStage } from '#detection/scope-stage';
import type { Said } from '#apps/makewhole/replay/account-replay';
import { BlockFile, type Place } from '#apps/makewhole/replay/block-file';
import { ScopeFold } from '#apps/makewhole/replay/scope-fold';
import type { SlimRow } from '#apps/makewhole/replay/slim-piece';

/** The newest rows, which wait for others that may belong before them. */
const KEPT_BACK = 20_000;

/**
 * Folds rows before all of them are there, in the hope that they come nearly in order, as in a file that was written as things
 * happened. One that belongs before what was folded ends the hope: then all is to be folded anew, in order.
 */
export class EarlyFold {
  private readonly said: Said[] = [];
  private readonly fold: ScopeFold;
  private rows: SlimRow[] = [];
  private readonly file = new BlockFile();
  private readonly pieces: Place[] = [];

  constructor(
    stage: ReturnType<typeof scopeStage>,
    private readonly keptBack = KEPT_BACK,
  ) {
    this.fold = new ScopeFold(stage, { said: (said) => void this.said.push(said), score: () => undefined });
  }

  /** `text`: the rows as JSON. False when a row came too late: this fold is of no use any more. */
  take(rows: readonly SlimRow[], text: string): boolean {
    this.pieces.push(this.file.write(text, undefined));
    for (const row of rows) {
      if (this.fold.isPast(row)) return false;
      this.rows.push(row);
    }
    if (this.rows.length >= 1.25 * this.keptBack) this.run(this.keptBack);
    return true;
  }

  /** All that were taken, as they came, once the hope is gone. */
  *taken(): Generator<SlimRow> {
    for (const place of this.pieces) yield* JSON.parse(this.file.read(place)) as SlimRow[];
    this.file.close();
  }

  /** After the last row. */
  finish(until: InstantMs): readonly Said[] {
    this.run(0);
    this.fold.finish(until);
    this.file.close();
    return this.said;
  }

  private run(keptBack: number): void {
    this.rows.sort(byTime);
    for (const row of this.rows.splice(0, this.rows.length - keptBack)) this.fold.row(row);
  }
}

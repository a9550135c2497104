import type { InstantMs } from '#kernel/time';
import type { DeadLetter, Emission, FiredDeadline, SlimEmission } from '#stream/stage';

/** What became of the records of a partition since its offset 0. They add up to the next offset, gaps of the log aside. */
export interface Counts {
  applied: number;
  duplicate: number;
  quarantined: number;
  dead_lettered: number;
  ignored: number;
}

export const noCounts = (): Counts => ({ applied: 0, duplicate: 0, quarantined: 0, dead_lettered: 0, ignored: 0 });

export interface Said {
  readonly emission: Emission;
  /** When the record that made it so was appended; null where silence did. */
  readonly appendedAt: InstantMs | null;
}

export interface SaidSlim {
  readonly emission: SlimEmission;
  /** Of the record that made it so, or before which silence did. */
  readonly offset: number;
}

export interface Buried {
  readonly offset: number;
  readonly key: string | null;
  readonly letter: DeadLetter;
}

export interface Fired {
  readonly key: string;
  readonly deadline: FiredDeadline;
  /** Where the partition stood. */
  readonly offset: number;
  readonly watermark: InstantMs;
}

/**
 * What a refold cannot read from the log again: before the record at `offset` was applied, the clock had moved the watermark
 * this far, or the shared state was this.
 */
export interface Mark {
  readonly offset: number;
  readonly watermark: InstantMs | null;
  readonly shared: string | null;
}

/** What a partition has to say since its last commit, in order. */
export interface Effects {
  readonly said: Said[];
  readonly slim: SaidSlim[];
  readonly buried: Buried[];
  readonly fired: Fired[];
  readonly marks: Mark[];
}

export const noEffects = (): Effects => ({ said: [], slim: [], buried: [], fired: [], marks: [] });

import type { StoredState } from '#stream/stage-store';

/** What one partition asked for. */
export interface Wanted {
  readonly partition: number;
  readonly keys: readonly string[];
}

interface Waiting extends Wanted {
  readonly resolve: (states: readonly StoredState[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one query of the loads that come in while another is under way: partitions that meet states not in memory ask at the same time,
 * each for a few.
 */
export class GatheredLoads {
  private waiting: Waiting[] = [];

  constructor(
    /** One query after the other: `work` runs when its turn has come. Answers are in the order of what was wanted. */
    private readonly inTurn: (work: () => readonly Wanted[]) => Promise<readonly (readonly StoredState[])[]>,
  ) {}

  load(partition: number, keys: readonly string[]): Promise<readonly StoredState[]> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ partition, keys, resolve, reject });
      if (this.waiting.length === 1) void this.run();
    });
  }

  private async run(): Promise<void> {
    let asked: readonly Waiting[] = [];
    try {
      const answers = await this.inTurn(() => {
        asked = this.waiting;
        this.waiting = [];
        return asked;
      });
      asked.forEach(({ resolve }, at) => resolve(answers[at]!));
    } catch (error) {
      if (asked.length === 0) {
        asked = this.waiting;
        this.waiting = [];
      }
      for (const { reject } of asked) reject(error);
    }
  }
}

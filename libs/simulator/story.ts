import { days, type DurationMs, type InstantMs } from '#kernel/time';
import type { Buyer } from '#simulator/buyer';
import type { FindingKindPlanted, Planted } from '#simulator/ground-truth';
import type { Random } from '#simulator/random';
import type { Teller } from '#simulator/teller';

/** What a story is told with. `pace` shortens the waits between steps where nothing depends on them: 1 is life, 0.01 a demo. */
export interface Scene {
  readonly buyer: Buyer;
  readonly teller: Teller;
  readonly random: Random;
  readonly at: InstantMs;
  readonly pace: number;
}

/** `after` of the scene's start, at its pace. */
export const after = (scene: Scene, wait: DurationMs): InstantMs => scene.at + Math.round(wait * scene.pace);

/** Working days become calendar days at the worst: two weekends and a holiday or two. */
export const workingDaysAtWorst = (count: number): DurationMs => days(count + 2 * Math.ceil(count / 5) + 5);

/** Something that happens to a buyer and is no loss, though it may look like one. */
export interface Ordinary {
  readonly name: string;
  /** Of a buyer whose bank has told each debit. */
  readonly onStatement?: true;
  tell(scene: Scene): void;
}

/** A loss: what happens to the buyer, and what should be found. */
export interface Loss {
  readonly name: string;
  readonly kind: FindingKindPlanted;
  /** From the start of the story until the loss can be known. */
  readonly needsMs: DurationMs;
  /** Whether pace shortens all of that; a clock of days or working days cannot be shortened. */
  readonly live: boolean;
  /** Only someone with a past can be seen to act unlike themselves. */
  readonly needsPast?: boolean;
  /** Of a buyer whose bank has told each debit. */
  readonly onStatement?: true;
  tell(scene: Scene): Planted;
}

/** The ground truth of a loss that was just told. */
export const plant = (loss: Loss, scene: Scene, found: Omit<Planted, 'kind' | 'story' | 'accountId'>): Planted => ({
  kind: loss.kind,
  story: loss.name,
  accountId: scene.buyer.accountId,
  ...found,
});

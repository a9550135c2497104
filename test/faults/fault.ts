import type { LogKind } from './log-under-test';
import type { SeededRandom } from './seeded-random';
import type { World } from './world';

/** What a fault works with, while events are coming in. */
export interface Scene {
  readonly world: World;
  readonly random: SeededRandom;
  /** For how long events come in. */
  readonly trafficMs: number;
  /** One line of the story, for the log of the run. */
  tell(line: string): void;
}

/** One way in which an installation is hurt. `strike` returns when everything that it broke runs again. */
export interface Fault {
  readonly name: string;
  readonly logs: readonly LogKind[];
  strike(scene: Scene): Promise<void>;
}

export const everyLog: readonly LogKind[] = ['postgres', 'kafka', 'cluster'];

import type { LogKind } from './log-under-test';
import { seededRandom, type SeededRandom } from './seeded-random';
import type { ServiceName, World } from './world';

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
  /** What it hurts: two faults with nothing in common may strike at once. */
  readonly targets: readonly Target[];
  strike(scene: Scene): Promise<void>;
}

export type Target = ServiceName | 'providers' | 'postgres' | 'log' | 'connections' | 'stream';

/** Several faults at the same time, each with a chance of its own, so that their interleaving changes no draw. */
export const together = (faults: readonly Fault[]): Fault => ({
  name: faults.map(({ name }) => name).join(' + '),
  logs: everyLog.filter((log) => faults.every(({ logs }) => logs.includes(log))),
  targets: faults.flatMap(({ targets }) => targets),
  strike: async (scene) => {
    const scenes = faults.map(() => ({ ...scene, random: seededRandom(scene.random.between(0, 2 ** 31)) }));
    await Promise.all(faults.map((fault, index) => fault.strike(scenes[index] as Scene)));
  },
});

export const everyLog: readonly LogKind[] = ['postgres', 'kafka', 'cluster'];

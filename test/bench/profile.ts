import { join } from 'node:path';

/** Options that make Node write a CPU profile of each thread when the process ends. */
export function profileArgs(directory: string | undefined, name: string): readonly string[] {
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(directory, name)}`];
}

import { join } from 'node:path';

/** From sources a worker needs the same hooks as the main thread; in a build it is a plain module in `directory`. */
export function workerEntry(directory: string, module: string): { entry: string; execArgv: readonly string[] } {
  const isSource = __filename.endsWith('.ts');
  return {
    entry: join(directory, `${module}.${isSource ? 'ts' : 'js'}`),
    execArgv: isSource ? ['--conditions=makewhole-src', '-r', require.resolve('@swc-node/register')] : [],
  };
}

import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const projectRoot = join(__dirname, '..', '..');

/**
 * Compiles the services once into `directory`, so that a process starts in a second instead of compiling each file again.
 * Returns the programs to run. They find node_modules by walking up, so `directory` lies inside the checkout.
 */
export function buildServices(directory: string): {
  readonly services: string;
  readonly provider: string;
  readonly emulators: string;
} {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(projectRoot, 'package.json'), join(directory, 'package.json'));
  const swc = join(projectRoot, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  execFileSync(
    process.execPath,
    [swc, 'apps', 'libs', 'test/faults', 'test/providers', '--copy-files', '--quiet', '--out-dir', join(directory, 'dist')],
    {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  return {
    services: join(directory, 'dist', 'apps', 'makewhole', 'main.js'),
    provider: join(directory, 'dist', 'test', 'faults', 'provider-main.js'),
    emulators: join(directory, 'dist', 'test', 'faults', 'emulators-main.js'),
  };
}

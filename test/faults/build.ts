import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export const projectRoot = join(__dirname, '..', '..');

/**
 * Compiles the services once into `directory`, so that a process starts in a second instead of compiling each file again.
 * Returns the program to run. It finds node_modules by walking up, so `directory` lies inside the checkout.
 */
export function buildServices(directory: string): string {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  copyFileSync(join(projectRoot, 'package.json'), join(directory, 'package.json'));
  const swc = join(projectRoot, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  execFileSync(process.execPath, [swc, 'apps', 'libs', '--copy-files', '--quiet', '--out-dir', join(directory, 'dist')], {
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return join(directory, 'dist', 'apps', 'makewhole', 'main.js');
}

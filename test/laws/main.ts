import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(__dirname, '..', '..');

/**
 * Looks further than the tests do: every property with so many cases, from a fresh seed (printed, so that the run can be repeated).
 * `npm run test:laws -- [--runs N] [--seed S] [PATH ...]`
 */
function main(): number {
  const { values, positionals } = parseArgs({
    options: { runs: { type: 'string', default: '2000' }, seed: { type: 'string' } },
    allowPositionals: true,
  });
  const runs = Number(values.runs);
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
    console.error('usage: npm run test:laws -- [--runs N] [--seed S] [PATH ...]: whole numbers, N at least 1');
    return 2;
  }
  const files = filesWithLaws(positionals);
  console.error(`laws: ${runs} cases of each property in ${files.length} files, seed ${seed}`);
  if (files.length === 0) return 2;
  const jest = ['node_modules/jest/bin/jest.js', '--config', 'test/jest.config.cjs', '--selectProjects', 'unit', '-w', '1'];
  const { status } = spawnSync(process.execPath, ['--conditions=makewhole-src', ...jest, '--runTestsByPath', ...files], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, LAWS_RUNS: String(runs), LAWS_SEED: String(seed) },
  });
  if (status !== 0) console.error(`laws: failed; the same again: npm run test:laws -- --runs ${runs} --seed=${seed}`);
  return status ?? 1;
}

/** Test files that state properties and need no database, below the given paths. */
function filesWithLaws(below: readonly string[]): readonly string[] {
  return ['libs', 'apps', 'test']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.spec.ts') && !/\.(int|kafka)\.spec\.ts$/.test(file))
    .filter((file) => below.length === 0 || below.some((path) => file.startsWith(path)))
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('fc.assert('));
}

process.exitCode = main();

import { readdirSync } from 'node:fs';

// Cases of each property: most mutants fall to the first.
process.env.LAWS_RUNS ??= '6';

const specs = ['libs/detection', 'libs/ledger', 'libs/expectation', 'test/scenarios'].flatMap((folder) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.spec.ts'))
    .map((file) => `${folder}/${file}`)
    .sort(),
);

/** Mutation testing of the rooms that decide about money; how to run it: CONTRIBUTING.md, what came of it: docs/detection.md. */
export default {
  plugins: ['./test/mutation/resident-runner.mjs'],
  testRunner: 'resident',
  resident: { built: 'dist', setup: ['test/laws/setup.ts'], specs, budgetMs: 500 },
  buildCommand: 'swc libs apps test -d dist --config-file .swcrc --copy-files --quiet',
  ignorePatterns: ['dist', '.stryker-tmp', 'deploy', 'docs', '.state', '.makewhole'],
  mutate: ['libs/{detection,ledger,expectation}/**/*.ts', '!**/*.spec.ts'],
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 1,
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress-append-only', 'json'],
  jsonReporter: { fileName: '.stryker-tmp/reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // A busy machine takes ten times as long; endless loops are counted, not timed.
  timeoutMS: 60_000,
  timeoutFactor: 2,
  thresholds: { high: 95, low: 85, break: 75 },
};

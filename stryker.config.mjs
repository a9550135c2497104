/**
 * Mutation testing of the rooms that decide about money: `npm run mutation -- --mutate libs/detection/twin-charge.ts`.
 * Not a part of CI: a file takes minutes. Reports stay in .stryker-tmp/reports.
 */
export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--conditions=makewhole-src'],
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs', enableFindRelatedTests: false },
  mutate: ['libs/{detection,ledger,expectation}/**/*.ts', '!**/*.spec.ts'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  tempDirName: '.stryker-tmp',
  reporters: ['clear-text', 'progress', 'json'],
  jsonReporter: { fileName: '.stryker-tmp/reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  ignoreStatic: true,
  timeoutMS: 20_000,
  timeoutFactor: 3,
};

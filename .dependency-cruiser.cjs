/**
 * The rooms of the design, as rules. `npm run architecture` checks the tree; test/architecture plants a violation of each rule
 * and proves that it still fires.
 */
const { join } = require('node:path');

/** What each room may import, beside itself. */
const rooms = {
  kernel: [],
  event: ['kernel'],
  ledger: ['kernel', 'event'],
  expectation: ['kernel', 'event', 'ledger'],
  detection: ['kernel', 'event', 'ledger', 'expectation'],
  case: ['kernel', 'detection'],
  action: ['kernel', 'detection', 'case'],
  hook: ['kernel', 'case', 'action'],
  stream: ['kernel'],
  kafka: ['kernel', 'stream'],
  postgres: ['kernel', 'stream'],
  connector: ['kernel', 'action', 'hook'],
  telemetry: ['kernel'],
  config: ['kernel'],
  contract: ['kernel'],
  http: ['kernel', 'config', 'contract', 'telemetry'],
  simulator: ['kernel', 'event'],
};
const pureRooms = ['kernel', 'event', 'ledger', 'expectation', 'detection', 'case', 'action', 'hook'];
const pure = `^libs/(${pureRooms.join('|')})/`;
const services = ['gateway', 'detector', 'casework', 'actuator', 'console'];

/** Tests may build what they need from any room; the code they test may not. */
const spec = '\\.spec\\.ts$';
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const roomRules = Object.entries(rooms).map(([room, allowed]) =>
  forbid(
    `room-${room}`,
    `${room} may import ${allowed.length === 0 ? 'no other room' : allowed.join(', ')}.`,
    { path: `^libs/${room}/`, pathNot: spec },
    { path: '^(libs|apps)/', pathNot: `^libs/(${[room, ...allowed].join('|')})/` },
  ),
);

const appRules = services.map((app) =>
  forbid(
    `app-${app}`,
    'An app imports no other app: services meet in the log. makewhole alone composes them.',
    { path: `^apps/${app}/` },
    { path: '^apps/', pathNot: `^apps/${app}/` },
  ),
);

module.exports = {
  forbidden: [
    ...roomRules,
    ...appRules,
    forbid(
      'known-room',
      'A new room gets its line in the table above first.',
      { path: '^libs/', pathNot: `^libs/(${Object.keys(rooms).join('|')})/` },
      {},
    ),
    forbid(
      'pure-npm',
      'A pure room uses no package but the schema compiler in event/ and simple-statistics in detection/.',
      { path: pure, pathNot: [spec, '^libs/(event|detection)/'] },
      { dependencyTypes: npm },
    ),
    forbid(
      'pure-npm-event',
      'event/ uses one package: the schema compiler.',
      { path: '^libs/event/', pathNot: spec },
      { dependencyTypes: npm, pathNot: 'node_modules/@sinclair/typebox/' },
    ),
    forbid(
      'pure-npm-detection',
      'detection/ uses one package: simple-statistics.',
      { path: '^libs/detection/', pathNot: spec },
      { dependencyTypes: npm, pathNot: 'node_modules/simple-statistics/' },
    ),
    forbid(
      'pure-node',
      'A pure room does no I/O: of Node it may use node:crypto, for hashing.',
      { path: pure, pathNot: spec },
      { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    ),
    forbid(
      'nest-at-the-edge',
      'Nest lives in apps/, libs/http/, *.module.ts and *.strategy.ts; everything else is functions and plain classes.',
      { path: '^libs/', pathNot: ['^libs/http/', '\\.(module|strategy)\\.ts$', spec] },
      { path: 'node_modules/@nestjs/' },
    ),
    forbid(
      'auditor-stands-alone',
      'The auditor judges the services, so it shares no code with them; only its engine runs the pure rooms, and verify.ts and tell-pack.ts open what it reads.',
      { path: '^apps/makewhole/verify/', pathNot: ['/(engine|plain-partition|command|verify|tell-pack)\\.ts$', spec] },
      { path: '^(apps|libs)/', pathNot: ['^apps/makewhole/verify/', '^libs/(kernel|config)/'] },
    ),
    forbid(
      'model-stands-alone',
      'The model is a second opinion: it shares no code with what it judges.',
      { path: '^test/model/', pathNot: spec },
      { path: '^(libs|apps)/', pathNot: '^libs/(kernel/(money|time)|event/(event|types)|detection/finding)\\.ts$' },
    ),
    forbid(
      'code-imports-no-test',
      'What is shipped imports neither tests nor their helpers.',
      { path: '^(libs|apps)/', pathNot: spec },
      { path: ['^test/', spec] },
    ),
    forbid(
      'shipped-packages',
      'What is shipped uses only the dependencies, not the development tools.',
      { path: '^(libs|apps)/', pathNot: spec },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    forbid(
      'no-cycle',
      'A cycle means that two files are one idea, or that an idea is missing. Types alone may point back.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid('resolves', 'Every import resolves to a file or an installed package.', {}, { couldNotResolve: true }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|test/architecture/planted)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(__dirname, 'tsconfig.json') },
    enhancedResolveOptions: {
      conditionNames: ['makewhole-src', 'import', 'require', 'node', 'default', 'types'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};

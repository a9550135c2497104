import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * What dependency-cruiser cannot see: clocks and chance in pure rooms, the environment outside config/, promises that nobody
 * awaits, a switch that forgets a case. test/architecture proves that each rule still fires.
 */
const pureRooms = ['kernel', 'event', 'ledger', 'expectation', 'detection', 'case', 'action', 'hook'];
const specs = ['**/*.spec.ts', 'test/**'];

const impure = (name, message) => ({
  name,
  message: message ?? 'A pure room does no I/O and reads no clock: pass the value in.',
});
const clocks = [
  ['MemberExpression[object.name="Date"][property.name="now"]', 'Time is handed in as an instant.'],
  ['NewExpression[callee.name="Date"][arguments.length=0]', 'Time is handed in as an instant.'],
  ['CallExpression[callee.name="Date"]', 'Time is handed in as an instant.'],
  ['MemberExpression[object.name="Math"][property.name="random"]', 'Same input, same output: derive it, or hand it in.'],
  ['ImportSpecifier[imported.name=/^random/]', 'Same input, same output: derive it, or hand it in.'],
];
const environment = [
  'MemberExpression[object.name="process"][property.name="env"]',
  'The environment is read once, in config/, and passed down as values.',
];
const unrun = [
  ':matches(CallExpression[callee.name=/^(xit|xtest|xdescribe|fit|fdescribe)$/], CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|only|todo)$/])',
  'Every test runs: mend it or remove it.',
];
const forbidSyntax = (...pairs) => ['error', ...pairs.map(([selector, message]) => ({ selector, message }))];

/** Rooms are flat, have no index.ts, and none of them is a drawer for odds and ends. */
const layout = {
  meta: { type: 'problem', schema: [], messages: { layout: '{{ problem }}' } },
  create(context) {
    const path = context.filename.slice(context.cwd.length + 1).replaceAll('\\', '/');
    const drawer = /(?:^|\/)(common|shared|utils?|helpers?|misc)(?:\/|\.ts$)/.exec(path);
    const problem =
      (drawer && `"${drawer[1]}" says nothing: name the idea.`) ||
      (/(?:^|\/)index\.ts$/.test(path) && 'No index.ts: import the file that has it.') ||
      (/^libs\/[^/]+\/(?!statistics\/)[^/]+\//.test(path) && 'Rooms are flat.') ||
      (/[A-Z]/.test(path.split('/').at(-1)) && 'File names are in kebab case.');
    return problem ? { Program: (node) => context.report({ node, messageId: 'layout', data: { problem } }) } : {};
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/node_modules/',
      'dist/',
      'coverage/',
      'test/architecture/planted/',
      '**/.state/',
      '.stryker-tmp/',
      'console/dist/',
    ],
  },
  { files: ['**/*.{mjs,cjs,js}'], ...eslint.configs.recommended, languageOptions: { globals: nodeGlobals() } },
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { makewhole: { rules: { layout } } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'makewhole/layout': 'error',
      'max-lines': ['error', { max: 350 }],
      'no-console': 'error',
      'no-restricted-syntax': forbidSyntax(environment),
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      'prefer-const': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-undef': 'off',
    },
  },
  {
    files: pureRooms.map((room) => `libs/${room}/**/*.ts`),
    ignores: specs,
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'performance', 'console'].map(
          (name) => impure(name),
        ),
      ],
      'no-restricted-syntax': forbidSyntax(environment, ...clocks),
    },
  },
  { files: ['libs/config/**/*.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['apps/makewhole/**/*.ts'], rules: { 'no-console': 'off' } },
  { files: specs, rules: { 'no-console': 'off', 'no-restricted-syntax': forbidSyntax(unrun) } },
);

function nodeGlobals() {
  return Object.fromEntries(
    ['require', 'module', 'process', 'console', '__dirname', 'Buffer', 'setTimeout', 'URL'].map((name) => [name, 'readonly']),
  );
}

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { cruise, lint, plantedRoot, plantedViolations } from './planted';

const root = join(__dirname, '..', '..');
const { forbidden } = createRequire(__filename)('../../.dependency-cruiser.cjs') as { forbidden: { name: string }[] };
const roomRules = new Set(forbidden.map((rule) => rule.name));
const ruleOf = (violation: string): string => violation.split(': ')[1] ?? '';

/** ESLint's rules that hold a promise of the design; the recommended sets stand beside them untested. */
const lintRules = [
  '@typescript-eslint/no-explicit-any',
  '@typescript-eslint/no-floating-promises',
  '@typescript-eslint/no-misused-promises',
  '@typescript-eslint/switch-exhaustiveness-check',
  'makewhole/layout',
  'max-lines',
  'no-console',
  'no-restricted-globals',
  'no-restricted-syntax',
  'no-warning-comments',
];

describe('the rules of the rooms', () => {
  const planted = plantedViolations();
  const ofRooms = planted.filter((violation) => roomRules.has(ruleOf(violation)));
  const ofLint = planted.filter((violation) => !roomRules.has(ruleOf(violation)));

  it('have a planted violation each', () => {
    expect([...new Set(planted.map(ruleOf))].sort()).toEqual([...roomRules, ...lintRules].sort());
  });

  it('fire on each planted import, and on nothing else', () => {
    expect(cruise(plantedRoot, ['apps', 'libs', 'test'])).toEqual(ofRooms);
  }, 60_000);

  it('fire on each planted line, and on nothing else', () => {
    expect(lint(plantedRoot)).toEqual(ofLint);
  }, 60_000);

  it('hold in this tree', () => {
    expect(cruise(root, ['apps', 'libs', 'test'])).toEqual([]);
  }, 60_000);
});

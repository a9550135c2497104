import { join } from 'node:path';

/** The tests of spec files, loaded and callable at will. Jest's own `describe` and `it` collect them; its runner is not used. */
export function loadTests(require, root, { built, setup, specs }) {
  const folder = join(root, built);
  for (const file of Object.keys(require.cache)) if (file.startsWith(folder)) delete require.cache[file];
  const circus = require('jest-circus');
  const { describe, it, test, beforeAll, beforeEach, afterAll, afterEach } = circus;
  const { expect } = require('expect');
  const jest = { setTimeout: () => undefined };
  Object.assign(globalThis, { describe, it, test, beforeAll, beforeEach, afterAll, afterEach, expect, jest });
  const load = (file) => require(join(folder, file.replace(/\.ts$/, '.js')));
  setup.forEach(load);
  endOnFailure(require('fast-check'));
  return specs.flatMap((file) => {
    circus.resetState();
    load(file);
    const tests = testsOf(circus.getState().rootDescribeBlock, []);
    return tests.map(({ title, fn }) => ({ id: `${file}: ${title}`, fileName: join(root, file), fn }));
  });
}

/** A mutant that breaks a property is noticed: its smallest counterexample interests nobody. */
function endOnFailure(fc) {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
}

function testsOf(block, titles) {
  if (block.hooks.length > 0) throw new Error(`${titles.join(' ')}: hooks are not run here, leave the spec out or do without`);
  return block.children.flatMap((child) =>
    child.type === 'describeBlock'
      ? testsOf(child, [...titles, child.name])
      : [{ title: [...titles, child.name].join(' '), fn: child.fn }],
  );
}

/** What went wrong, if anything, and how much of the processor it took. */
export async function timed(fn) {
  const before = process.cpuUsage();
  let failure;
  try {
    await fn();
  } catch (error) {
    failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(before);
  return { failure, ms: Math.ceil((user + system) / 1000) };
}

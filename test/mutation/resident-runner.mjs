import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { commonTokens, declareClassPlugin, PluginKind, tokens } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { loadTests, timed } from './spec-tests.mjs';

/**
 * Loads specs and sources once and runs tests again for each mutant, which is only a number that the instrumented sources compare
 * with. Stryker's runner for Jest loads every spec anew, which took 20 s a mutant; here the middle one takes 30 ms.
 */
class ResidentRunner {
  static inject = tokens(commonTokens.options);

  constructor({ resident }) {
    this.resident = resident;
    this.root = process.cwd();
    this.costFile = join(this.root, 'test-costs.json');
    this.require = createRequire(join(this.root, 'package.json'));
    this.instrumented = globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {};
    this.kills = new Map();
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ testFiles }) {
    this.load();
    const results = [];
    for (const test of this.tests.filter(({ fileName }) => testFiles === undefined || testFiles.includes(fileName))) {
      this.instrumented.currentTestId = test.id;
      results.push(await this.run(test));
      this.instrumented.currentTestId = undefined;
    }
    writeFileSync(this.costFile, JSON.stringify(Object.fromEntries(results.map(({ id, timeSpentMs }) => [id, timeSpentMs]))));
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: this.instrumented.mutantCoverage };
  }

  async mutantRun({
    activeMutant: { id },
    sandboxFileName,
    testFilter,
    disableBail,
    hitLimit,
    mutantActivation,
    reloadEnvironment,
  }) {
    // Half a second of tests needs far fewer loops than all of them, which the limit was made from.
    const limit = hitLimit === undefined ? undefined : Math.ceil(hitLimit / 20);
    const attempt = async (mustLoad) => {
      try {
        this.activate(mutantActivation === 'static' ? id : undefined, limit);
        if (mustLoad) this.load();
        this.activate(id, limit);
        return await this.tryTests(sandboxFileName, testFilter, disableBail);
      } finally {
        this.timeout = determineHitLimitReached(this.instrumented.hitCount, limit);
        this.activate(undefined);
      }
    };
    try {
      let results = await attempt(reloadEnvironment || this.tests === undefined);
      if (await this.isLeft(results)) {
        results = await attempt(true);
        this.tests = undefined;
      }
      return toMutantRunResult(this.timeout ?? { status: DryRunStatus.Complete, tests: results }, disableBail);
    } catch (error) {
      if (mutantActivation !== 'static') throw error;
      this.tests = undefined;
      return { status: MutantRunStatus.Killed, killedBy: ['loading'], failureMessage: String(error), nrOfTests: 0 };
    }
  }

  activate(activeMutant, hitLimit) {
    Object.assign(this.instrumented, { activeMutant, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 });
  }

  load() {
    this.tests = loadTests(this.require, this.root, this.resident);
  }

  async run(test) {
    const { failure, ms } = await timed(test.fn);
    const { id, fileName } = test;
    const status = failure === undefined ? TestStatus.Success : TestStatus.Failed;
    return { id, name: id, fileName, timeSpentMs: ms, status, failureMessage: failure };
  }

  async tryTests(source, testFilter, disableBail) {
    const results = [];
    for (const test of this.affordable(source, testFilter)) {
      const result = await this.run(test);
      results.push(result);
      if (result.status !== TestStatus.Failed) continue;
      const key = source + test.id;
      this.kills.set(key, (this.kills.get(key) ?? 0) + 1);
      if (!disableBail) break;
    }
    return results;
  }

  /** A test that failed must pass without the mutant; otherwise some mutant left something behind in the modules. */
  async isLeft(results) {
    const failed = results.find(({ status }) => status === TestStatus.Failed);
    if (failed === undefined) return false;
    return (await this.run(this.tests.find(({ id }) => id === failed.id))).status === TestStatus.Failed;
  }

  /**
   * What killed often in this file for little time comes first, and the file's own spec: most mutants are dead after a few milliseconds.
   * A mutant that lives has cost the budget: a dearer test might have noticed it, so that the score is a lower bound.
   */
  affordable(source, testFilter) {
    this.costs ??= existsSync(this.costFile) ? JSON.parse(readFileSync(this.costFile, 'utf8')) : {};
    const wanted = testFilter === undefined ? undefined : new Set(testFilter);
    const own = source.replace(/\.ts$/, '.spec.ts');
    const cost = ({ id }) => this.costs[id] ?? 0;
    const worth = ({ id, fileName }) => (1 + (this.kills.get(source + id) ?? 0)) * (fileName === own ? 10 : 1);
    let spentMs = 0;
    return this.tests
      .filter(({ id }) => wanted === undefined || wanted.has(id))
      .map((test) => ({ test, price: cost(test) / worth(test) }))
      .sort((one, other) => one.price - other.price)
      .filter(({ test }, index) => index === 0 || (spentMs += cost(test)) <= this.resident.budgetMs)
      .map(({ test }) => test);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'resident', ResidentRunner)];

export const strykerValidationSchema = {
  type: 'object',
  properties: {
    resident: {
      type: 'object',
      properties: {
        built: { type: 'string', description: 'Where buildCommand puts the sources and the specs as JavaScript.' },
        setup: { type: 'array', items: { type: 'string' }, description: 'Files that are loaded before the specs.' },
        specs: { type: 'array', items: { type: 'string' } },
        budgetMs: { type: 'number', description: 'What the tests of one mutant may cost, in milliseconds of processor time.' },
      },
      required: ['built', 'setup', 'specs', 'budgetMs'],
      additionalProperties: false,
    },
  },
};

import { join } from 'node:path';
import { orders } from './orders';
import { play } from './play';
import { loadScenarios, type Scenario } from './scenario';
import { faultsOf } from './verdict';

const scenarios = loadScenarios(join(__dirname, 'stories'));

describe('a scenario', () => {
  it.each(scenarios.map(({ scenario }) => [scenario.name, scenario] as const))('%s', (_name, scenario) => {
    for (const [order, lines] of Object.entries(orders(scenario.events))) {
      const isAsTold = order === 'as told';
      expect({
        order,
        faults: faultsOf(isAsTold ? scenario : { ...scenario, deadLetters: 'any' }, play(lines, scenario.until)),
      }).toEqual({
        order,
        faults: [],
      });
    }
  });

  it('that says something wrong is faulted', () => {
    const scenario = scenarios.find(({ file }) => file === 'two-tabs.json')?.scenario as Scenario;
    const lines = orders(scenario.events)['as told'] ?? [];
    expect(faultsOf(scenario, { ...play(lines, scenario.until), lines: [] })).not.toEqual([]);
    expect(faultsOf({ ...scenario, expect: [], forbid: 'others' }, play(lines, scenario.until))).not.toEqual([]);
  });
});

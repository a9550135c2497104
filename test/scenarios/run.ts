import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { play } from './play';
import { orders } from './orders';
import { loadScenarios } from './scenario';
import { endOf, faultsOf } from './verdict';

/**
 * Plays every scenario of a folder (default: the open ones beside the checkout, read where they lie) in several orders of arrival
 * and with everything told twice. `node --conditions=makewhole-src -r @swc-node/register test/scenarios/run.ts [FOLDER]`
 */
function main(folder: string): number {
  if (!existsSync(folder)) {
    console.log(`no scenarios at ${folder}: name their folder as the first argument`);
    return 2;
  }
  let failed = 0;
  for (const { file, scenario } of loadScenarios(folder)) {
    const inOrder = orders(scenario.events);
    const reference = endOf(play(inOrder['as told'] ?? [], scenario.until).lines)
      .map(({ last }) => JSON.stringify(last))
      .sort();
    for (const [order, lines] of Object.entries(inOrder)) {
      const played = play(lines, scenario.until);
      const isShuffled = order !== 'as told';
      const faults = isShuffled ? faultsOf({ ...scenario, deadLetters: 'any' }, played) : faultsOf(scenario, played);
      const ended = endOf(played.lines)
        .map(({ last }) => JSON.stringify(last))
        .sort();
      const all = JSON.stringify(ended) === JSON.stringify(reference) ? faults : [...faults, 'the findings at the end differ'];
      if (all.length === 0) continue;
      failed++;
      console.log(`FAILED ${file} (${order}): ${scenario.name}`);
      for (const fault of all) console.log(`  ${fault}`);
    }
  }
  console.log(failed === 0 ? 'every scenario is fulfilled' : `${failed} runs failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(resolve(process.argv[2] ?? resolve(__dirname, '../../../shared/scenarios')));

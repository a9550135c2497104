import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { paymentLoad } from '#simulator/payment-load';
import type { BenchOptions } from './arguments';
import { type Figure, median } from './figure';
import type { Ground } from './ground';
import { profileArgs } from './profile';

const run = promisify(execFile);

/** (f): `makewhole replay` of a plain file into findings and cases, from the start of the process to its end. */
export async function measureReplay(ground: Ground, options: BenchOptions, tell: (line: string) => void): Promise<Figure[]> {
  const { events, accounts } = options;
  const input = join(ground.directory, 'events.ndjson');
  await writeEvents(input, events, accounts);
  const rates: number[] = [];
  for (let turn = 1; turn <= options.repeats; turn++) {
    const startedAt = performance.now();
    const args = ['replay', '--input', input, '--findings', `${input}.findings`, '--cases', `${input}.cases`];
    if (options.config !== undefined) args.push('--config', options.config);
    const program = join(ground.programs, 'makewhole', 'main.js');
    const { stderr } = await run(
      process.execPath,
      [...options.nodeArgs, ...profileArgs(options.profile, 'replay'), program, ...args],
      {
        maxBuffer: 1 << 24,
      },
    );
    rates.push(events / ((performance.now() - startedAt) / 1_000));
    tell(`replay ${turn}: ${Math.round(rates.at(-1)!)} events/s; it says ${/events\/s\s+(.*)/.exec(stderr)?.[1] ?? 'nothing'}`);
  }
  return [{ name: '(f) replay from a file', value: median(rates), unit: 'events/s', goal: { atLeast: 40_000 } }];
}

async function writeEvents(path: string, events: number, accounts: number): Promise<void> {
  const file = createWriteStream(path);
  const stepMs = 100_000 / accounts;
  let lines: string[] = [];
  for (const { value } of paymentLoad({ seed: 3, accounts, events, from: Date.now() - events * stepMs, stepMs })) {
    lines.push(value);
    if (lines.length < 10_000) continue;
    if (!file.write(`${lines.join('\n')}\n`)) await once(file, 'drain');
    lines = [];
  }
  file.end(lines.length === 0 ? '' : `${lines.join('\n')}\n`);
  await once(file, 'close');
}

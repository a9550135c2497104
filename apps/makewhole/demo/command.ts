import { Command } from 'commander';
import { parseCount } from '#apps/makewhole/count-option';
import type { Terminal } from '#apps/makewhole/terminal';

export interface DemoOptions {
  readonly seconds?: number;
  readonly port?: number;
  readonly seed: number;
}

const notes = `
A simulated platform tells the events of two months, and then lives on: thousands of buyers, some of whom lose money in each way
that Makewhole knows, among others to whom something similar happens that is no loss. A simulated provider pays refunds; it
sometimes times out after having paid, answers twice or fails. Everything else is the product itself.

Exit code 1 when a planted loss was missed or the provider's record differs from ours.

Examples:
  makewhole demo --seconds 60
  makewhole demo --port 9090 --seed 7`;

export function demoCommand(terminal: Terminal): Command {
  return new Command('demo')
    .description('the whole product on a simulated platform, nothing to set up')
    .option('--seconds <count>', 'stop after so long; without it, at Ctrl-C', parseCount('--seconds', 15, 86_400))
    .option('--port <port>', 'port of the API (default: 8080, or any free one)', parseCount('--port', 0, 65_535))
    .option('--seed <number>', 'another platform, the same every time', parseCount('--seed', 0, 999_999_999), 1)
    .addHelpText('after', notes)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('#apps/makewhole/demo/demo');
      process.exitCode = await demo(options, terminal);
    });
}

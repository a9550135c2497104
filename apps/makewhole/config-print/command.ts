import { Command } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

const notes = `
The configuration is that of a file (YAML or JSON) with the environment over it: \`gateway.rate.burst\` is MAKEWHOLE_GATEWAY_RATE_BURST,
\`detectors.stuck-hold.mode\` is MAKEWHOLE_DETECTORS_STUCK_HOLD_MODE, and so is each setting of a detector.
Secrets are never printed.

Examples:
  makewhole config print --redacted
  makewhole config print --redacted --config makewhole.yaml`;

export function configCommand(terminal: Terminal): Command {
  const print = new Command('print')
    .description('print the whole configuration as it takes effect, as YAML')
    .option('--redacted', 'secrets as *** (always so)')
    .option('--config <file>', 'configuration file')
    .addHelpText('after', notes)
    .action(async (options: { config?: string }) => {
      const { printConfig } = await import('#apps/makewhole/config-print/print');
      printConfig(options.config, terminal);
    });
  return new Command('config').description('look at the configuration').addCommand(print);
}

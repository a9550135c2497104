import { Command, InvalidArgumentError } from 'commander';
import { type ServiceName, serviceNames } from '#apps/makewhole/service-names';
import type { Terminal } from '#apps/makewhole/terminal';

export interface RunOptions {
  readonly only: readonly ServiceName[];
  readonly config?: string;
}

const notes = `
Without DATABASE_URL an embedded Postgres keeps everything in .makewhole; without KAFKA_BROKERS the log lies in Postgres as well.
SIGTERM or Ctrl-C: requests and batches in hand are finished, then it ends with 0.

Examples:
  makewhole run
  makewhole run --config makewhole.yaml
  KAFKA_BROKERS=kafka:9092 DATABASE_URL=postgres://… makewhole run --only detector`;

export function runCommand(terminal: Terminal): Command {
  return new Command('run')
    .description('the services, in one process')
    .option('--only <services>', `some of ${serviceNames.join(', ')}, by comma`, parseServices, serviceNames)
    .option('--config <file>', 'configuration file (YAML or JSON)')
    .addHelpText('after', notes)
    .action(async (options: RunOptions) => {
      const { run } = await import('#apps/makewhole/run/run');
      process.exitCode = await run(options, terminal);
    });
}

function parseServices(text: string): readonly ServiceName[] {
  const names = text.split(',').map((name) => name.trim());
  const known = names.filter((name): name is ServiceName => (serviceNames as readonly string[]).includes(name));
  if (known.length < names.length || known.length === 0) {
    throw new InvalidArgumentError(`--only takes ${serviceNames.join(', ')}, by comma.`);
  }
  return serviceNames.filter((name) => known.includes(name));
}

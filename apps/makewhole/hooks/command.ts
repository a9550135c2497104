import { Command } from 'commander';
import { parseCount } from '#apps/makewhole/count-option';
import type { Terminal } from '#apps/makewhole/terminal';

export interface HookOptions {
  readonly config?: string;
  readonly limit?: number;
  readonly from?: string;
  readonly until?: string;
  readonly type?: readonly string[];
  readonly reason?: string;
}

const notes = `
Endpoints are those of \`actuator.hooks\` in the configuration. A notice that is sent again keeps its webhook-id, so that a receiver
knows what it has seen; the running actuator sends it.

Examples:
  makewhole hooks list                               how each endpoint stands
  makewhole hooks list risk-desk --limit 20          the last tries of one
  makewhole hooks resend risk-desk msg_case-1_2_0 --reason 'the desk lost it'
  makewhole hooks resend risk-desk --from 2026-06-01T00:00:00Z --until 2026-06-02T00:00:00Z --reason 'outage of the desk'`;

export function hooksCommand(terminal: Terminal): Command {
  const group = new Command('hooks').description('who is told, and sending again').addHelpText('after', notes);
  const described = (name: string, description: string): Command =>
    group.command(name).description(description).option('--config <file>', 'configuration file').addHelpText('after', notes);
  described('list', 'one JSON object a line: every endpoint, or the tries of one, newest first')
    .argument('[endpoint]', 'its name in the configuration')
    .option('--limit <count>', 'so many tries; 50 if not said', parseCount('--limit', 1, 100_000))
    .action(async (endpoint: string | undefined, options: HookOptions) => {
      const { listHooks } = await import('#apps/makewhole/hooks/operations');
      await listHooks(endpoint, options, terminal);
    });
  described('resend', 'send notices again: by id, or all of a time')
    .argument('<endpoint>', 'its name in the configuration')
    .argument('[ids...]', 'webhook ids')
    .option('--from <instant>', 'everything said from then on')
    .option('--until <instant>', 'and before then; now if not said')
    .option('--type <type...>', 'with --from: only these types of notices')
    .requiredOption('--reason <text>', 'why: it is kept')
    .action(async (endpoint: string, ids: string[], options: HookOptions) => {
      const { resendNotices } = await import('#apps/makewhole/hooks/operations');
      await resendNotices(endpoint, ids, options, terminal);
    });
  return group;
}

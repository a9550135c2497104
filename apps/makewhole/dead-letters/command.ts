import { Command } from 'commander';
import { parseCount } from '#apps/makewhole/count-option';
import type { Terminal } from '#apps/makewhole/terminal';

export interface DeadLetterOptions {
  readonly config?: string;
  readonly reason?: string;
  readonly limit?: number;
  readonly all?: boolean;
}

const notes = `
A dead letter is named by where its record stands in the log: topic/partition/offset. \`replay\` appends the record to its topic once
more, as it was sent: do so after the fault is mended. An event that was applied after all is not applied twice.

Examples:
  makewhole dead-letters list --reason unknown-type
  makewhole dead-letters show payment-events/3/1204
  makewhole dead-letters replay payment-events/3/1204
  makewhole dead-letters replay --all --reason future-event`;

export function deadLettersCommand(terminal: Terminal): Command {
  const group = new Command('dead-letters').description('records that could not be applied').addHelpText('after', notes);
  const described = (name: string, description: string): Command =>
    group.command(name).description(description).option('--config <file>', 'configuration file').addHelpText('after', notes);
  const reason = ['--reason <reason>', 'only those with this reason'] as const;
  described('list', 'one JSON object a line, oldest first, without the bytes')
    .option(...reason)
    .option('--limit <count>', 'the newest so many', parseCount('--limit', 1, 1_000_000))
    .action(async (options: DeadLetterOptions) => {
      const { listDeadLetters } = await import('#apps/makewhole/dead-letters/operations');
      await listDeadLetters(options, terminal);
    });
  described('show', 'one dead letter, with its (redacted) bytes as text')
    .argument('<name>', 'topic/partition/offset')
    .action(async (name: string, options: DeadLetterOptions) => {
      const { showDeadLetter } = await import('#apps/makewhole/dead-letters/operations');
      await showDeadLetter(name, options, terminal);
    });
  described('replay', 'append records to their topic once more')
    .argument('[names...]', 'topic/partition/offset')
    .option('--all', 'every dead letter')
    .option(...reason)
    .action(async (names: string[], options: DeadLetterOptions) => {
      const { replayDeadLetters } = await import('#apps/makewhole/dead-letters/operations');
      await replayDeadLetters(names, options, terminal);
    });
  return group;
}

import { Command } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

export interface ReplayOptions {
  readonly input: string;
  readonly findings?: string;
  readonly cases?: string;
  readonly scores?: string;
  readonly deadLetters?: string;
  readonly until?: string;
  readonly policy?: string;
  readonly config?: string;
}

const notes = `
Input is one CloudEvents object a line (NDJSON), plain or gzip, from a file or standard input. Blank lines count as lines and
are no events. Findings go to standard output when no output is named; "-" names standard output. Outputs are complete once
the input has been read: findings in the order in which they became true, cases in their state at the end.

Examples:
  makewhole replay --input events.ndjson --findings findings.ndjson --cases cases.ndjson --dead-letters dead.ndjson
  makewhole replay --input events.ndjson.gz --until 2026-06-30T00:00:00Z > findings.ndjson
  zcat events.gz | makewhole replay --input - --policy policy.yaml --cases -`;

export function replayCommand(terminal: Terminal): Command {
  return new Command('replay')
    .description('find losses in a file of events; needs no server, calls no provider')
    .requiredOption('--input <file>', 'events to read, "-" for standard input')
    .option('--findings <file>', 'where findings go')
    .option('--cases <file>', 'where cases go, as they stand at the end')
    .option('--scores <file>', 'where scores go')
    .option('--dead-letters <file>', 'where lines go that could not be applied')
    .option('--until <time>', 'move on to this instant after the last event, so that deadlines fall due (RFC 3339)')
    .option('--policy <file>', 'decide actions by this policy instead of the default one')
    .option('--config <file>', 'configuration: settings of detectors, event types to ignore')
    .addHelpText('after', notes)
    .action(async (options: ReplayOptions) => {
      const { replay } = await import('#apps/makewhole/replay/replay');
      await replay(options, terminal);
    });
}

import { Command } from 'commander';
import { backtestCommand } from '#apps/makewhole/backtest/command';
import { configCommand } from '#apps/makewhole/config-print/command';
import { deadLettersCommand } from '#apps/makewhole/dead-letters/command';
import { demoCommand } from '#apps/makewhole/demo/command';
import { hooksCommand } from '#apps/makewhole/hooks/command';
import { replayCommand } from '#apps/makewhole/replay/command';
import { runCommand } from '#apps/makewhole/run/command';
import type { Terminal } from '#apps/makewhole/terminal';
import { tourCommand } from '#apps/makewhole/tour/command';
import { verifyCommand } from '#apps/makewhole/verify/command';
import { packageVersion } from '#telemetry/version';

const examples = `
Examples:
  makewhole demo --seconds 60                        the product in a minute, nothing to set up
  makewhole run                                      every service in one process
  makewhole replay --input events.ndjson.gz --findings findings.ndjson --cases cases.ndjson
  makewhole backtest --input events.ndjson.gz --candidate stricter.yaml
  cat events.ndjson | makewhole replay --input - --until 2026-06-30T00:00:00Z

Exit codes: 0 done, 1 failed, 2 wrong use or input that stopped it.`;

/** The whole command line. A command's file only describes it; what it does is loaded when it is called, so that help is quick. */
export function makewholeProgram(terminal: Terminal): Command {
  const program = new Command('makewhole')
    .description("Watches a platform's payment events and makes buyers whole.")
    .version(packageVersion(), '-V, --version', 'print the version')
    .option('--verbose', 'show the inside of unexpected failures')
    .helpOption('-h, --help', 'show help')
    .showHelpAfterError('(add --help for what is possible)')
    .addHelpText('after', examples)
    .hook('preAction', () => {
      terminal.verbose = program.opts<{ verbose?: boolean }>().verbose === true;
    });
  program.addCommand(demoCommand(terminal));
  program.addCommand(tourCommand(terminal));
  program.addCommand(runCommand(terminal));
  program.addCommand(replayCommand(terminal));
  program.addCommand(backtestCommand(terminal));
  program.addCommand(verifyCommand(terminal));
  program.addCommand(deadLettersCommand(terminal));
  program.addCommand(hooksCommand(terminal));
  program.addCommand(configCommand(terminal));
  inherit(program, program);
  return program;
}

/** Commander copies these settings only to commands that it creates itself. */
function inherit(parent: Command, root: Command): void {
  parent.exitOverride();
  for (const command of parent.commands) {
    if (command !== root) command.copyInheritedSettings(root);
    inherit(command, root);
  }
}

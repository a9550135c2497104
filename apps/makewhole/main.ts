import { makewholeProgram } from '#apps/makewhole/program';
import { exitCodeOf } from '#apps/makewhole/failure';
import { openTerminal } from '#apps/makewhole/terminal';

const terminal = openTerminal(process.stdout, process.stderr);

makewholeProgram(terminal)
  .parseAsync(process.argv)
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error, terminal);
  });

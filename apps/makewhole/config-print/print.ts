import { stringify } from 'yaml';
import { redact } from '#config/redact';
import { requireConfig } from '#apps/makewhole/settings';
import type { Terminal } from '#apps/makewhole/terminal';

/** Prints the configuration in force; wrong ones are told with all their faults. */
export function printConfig(file: string | undefined, terminal: Terminal): void {
  terminal.print(stringify(redact(requireConfig(file))).trimEnd());
}

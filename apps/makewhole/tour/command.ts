import { Command } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

const notes = `
Three buyers' stories on the real services, with an embedded Postgres and a simulated provider, each step with its HTTP calls: a charge made
twice is found and refunded by itself, the refund fails at the bank and is made again; a draft of a policy is tried on the events so
far, approved by another person and put in force; a larger loss needs two people; a case that nobody answers is escalated by the
clock; evidence that holds, and the same with one figure changed, which does not.

Exit code 1 when a step did not go as it should; the last call says how it went instead.`;

export function tourCommand(terminal: Terminal): Command {
  return new Command('tour')
    .description('a few buyers from their loss to their money, call by call')
    .addHelpText('after', notes)
    .action(async () => {
      const { tour } = await import('#apps/makewhole/tour/tour');
      await tour(terminal);
    });
}

import { Command } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

export interface VerifyOptions {
  readonly config?: string;
  readonly providerRecord?: string;
  readonly anchors?: string;
  readonly pack?: string;
}

const notes = `
Reads the log, the databases and the provider's own record, and checks nine promises on them; it changes nothing and may run beside
the services. The provider's record is NDJSON or a JSON array of { key, kind, accountId, paymentId?, amount?, reference?, at }, from a
file or an address; beside running services give an address, which is read after our own snapshot. Without it, what the provider did is
judged by what we were told. Copies of the file of anchors, kept where whoever
writes to the database cannot write, show evidence that was cut or written anew.

With --pack it needs neither: it checks one archive of a case's evidence, file by file and line by line, and prints the end of its chain, to
be compared with what was published. Whoever was given such an archive can do that.

Examples:
  makewhole verify
  makewhole verify --pack evidence.zip
  makewhole verify --provider-record provider.ndjson
  makewhole verify --anchors /mnt/worm/anchors.ndjson
  DATABASE_URL=postgres://… KAFKA_BROKERS=… makewhole verify --provider-record https://provider.example/effects

Exit codes: 0 all hold, 1 one is broken (it says which, and shows the evidence).`;

export function verifyCommand(terminal: Terminal): Command {
  return new Command('verify')
    .description('the auditor: what must always hold, checked from the outside')
    .option('--config <file>', 'configuration file')
    .option('--provider-record <file or url>', 'what the provider itself says that it did')
    .option('--anchors <file>', 'ends of evidence chains, as evidence.anchorsFile keeps them outside of the database')
    .option('--pack <file>', 'an archive of evidence, as the API gives it')
    .addHelpText('after', notes)
    .action(async (options: VerifyOptions) => {
      if (options.pack !== undefined) {
        const { tellPack } = await import('#apps/makewhole/verify/tell-pack');
        return tellPack(options.pack, terminal);
      }
      const { verify } = await import('#apps/makewhole/verify/verify');
      await verify(options, terminal);
    });
}

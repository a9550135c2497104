import { Command } from 'commander';
import type { Terminal } from '#apps/makewhole/terminal';

export interface BacktestOptions {
  readonly input: string;
  readonly candidate?: string;
  readonly policy?: string;
  readonly live?: string;
  readonly baseline?: string;
  readonly labels?: string;
  readonly changes?: string;
  readonly until?: string;
}

const notes = `
--policy tries a draft against the live policy: over the same findings, how much money each would have moved, by currency and kind. Both are
documents, or answers of GET /v1/policies/{version}. Without --candidate nothing but the policy differs.

Both configurations run over the same events, each with the policy that its policyFile names (otherwise the default policy). Without
--baseline the candidate is compared with the defaults. The environment is not read: a file says all of its side. Approved actions
count as sent, as in a live system, so that a loss which healed later in these events still counts as money that would have moved.

JSON goes to standard output, a table to standard error. --changes writes a line for each finding that is gained, lost or changed:
{"change":"gained","candidate":{…}}, {"change":"lost","baseline":{…}}, {"change":"changed","baseline":{…},"candidate":{…}}.

Labels are one JSON object a line: whom it is about, whether it was a loss (or fraud: the same word here), and for which kind:
  {"paymentId":"pay-7","loss":true}
  {"orderId":"order-3","kind":"not-delivered","loss":false}
  {"accountId":"buyer-9","kind":"account-takeover","fraud":true}
Certain and likely findings are judged, those in shadow too. A label of a loss is found when such a finding (of its kind, if it
names one) names it. A label of no loss is a false alarm when such a finding would give just that back: of a charge made twice, the
first payment is not meant. Precision is found / (found + false alarms), recall found / labels of a loss; what has no label counts
in neither.

Examples:
  makewhole backtest --input events.ndjson.gz --candidate stricter.yaml
  makewhole backtest --input events.ndjson.gz --policy draft.yaml --live live.json
  makewhole backtest --input events.ndjson --baseline now.yaml --candidate next.yaml --labels labels.ndjson > report.json`;

export function backtestCommand(terminal: Terminal): Command {
  return new Command('backtest')
    .description('compare two configurations over the same events: findings, money that would have moved, precision and recall')
    .requiredOption('--input <file>', 'events to read, "-" for standard input')
    .option('--candidate <config>', 'the configuration to try')
    .option('--policy <file>', 'the policy to try, a draft: otherwise the one of the configuration')
    .option('--live <file>', 'the policy to compare it with: otherwise that of the baseline')
    .option('--baseline <config>', 'the configuration to compare it with instead of the defaults')
    .option('--labels <file>', 'what is known to be a loss and what is not')
    .option('--changes <file>', 'where the findings go that are gained, lost or changed')
    .option('--until <time>', 'move on to this instant after the last event, so that deadlines fall due (RFC 3339)')
    .addHelpText('after', notes)
    .action(async (options: BacktestOptions) => {
      const { backtest } = await import('#apps/makewhole/backtest/backtest');
      await backtest(options, terminal);
    });
}

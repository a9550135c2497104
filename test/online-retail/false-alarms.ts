import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { countFalseAlarms } from '#test/online-retail/count';

/**
 * Counts duplicate findings per 10,000 charges, as JSON; exit 1 when those that open a case are more than `--max`:
 * `… test/online-retail/false-alarms.ts --events events.ndjson --findings findings.ndjson [--max 5]`
 */
const { values } = parseArgs({
  options: { events: { type: 'string' }, findings: { type: 'string' }, max: { type: 'string', default: '5' } },
});
if (values.events === undefined || values.findings === undefined) {
  console.error('name the files with --events and --findings');
  process.exit(2);
}
const alarms = countFalseAlarms(readLines(values.events), readLines(values.findings));
console.log(JSON.stringify(alarms));
process.exitCode = alarms.per10000Charges <= Number(values.max) ? 0 : 1;

function readLines(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

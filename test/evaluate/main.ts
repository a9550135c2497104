import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMet } from '#test/bench/figure';
import { describeMachine } from '#test/bench/machine';
import { formatTable } from '#test/bench/table';
import type { Evaluation } from './evaluation';
import { cardFraud } from './card-fraud';
import { handbook } from './handbook';
import { nab } from './nab';
import { onlineRetail } from './online-retail';
import { planted } from './planted';
import { refundLag } from './refund-lag';
import { sparkov } from './sparkov';

const evaluations: readonly Evaluation[] = [nab, onlineRetail, refundLag, planted, handbook, sparkov, cardFraud];

const usage = `npm run evaluate -- [NAME…] [--data DIR] [--check]

${evaluations.map(({ name, about }) => `  ${name.padEnd(16)}${about}`).join('\n')}

Without a name, all of them. Third-party data is read where it lies, in ../shared/data; --data names another folder for one
evaluation. A table on stderr, one JSON object on one line of stdout. Exit 2 when the data is absent; with --check, exit 1 when a
figure misses its goal.`;

const stop = (line: string): never => {
  console.error(line);
  process.exit(2);
};

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        data: { type: 'string' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${usage}`);
  }
}

function main(): void {
  const { values, positionals } = readArguments();
  if (values.help) return console.error(usage);
  const unknown = positionals.filter((name) => evaluations.every((evaluation) => evaluation.name !== name));
  if (unknown.length > 0) stop(`no evaluation named ${unknown.join(', ')}\n\n${usage}`);
  const chosen = positionals.length === 0 ? evaluations : evaluations.filter(({ name }) => positionals.includes(name));
  if (values.data !== undefined && chosen.length !== 1) stop('--data names the folder of one evaluation: name that one too');

  const startedAt = Date.now();
  const tell = (line: string): void => console.error(`${((Date.now() - startedAt) / 1_000).toFixed(1).padStart(7)} s  ${line}`);
  const results = chosen.map(({ name, folder, run }) => {
    const directory = values.data ?? join(__dirname, '..', '..', '..', 'shared', 'data', folder ?? '');
    tell(name);
    const result = run(directory, tell) ?? stop(`${name}: its data is not in ${directory}; nothing was measured`);
    const figures = result.figures.map((figure) =>
      figure.goal === undefined ? figure : { ...figure, met: isMet(figure.value, figure.goal) },
    );
    return { evaluation: name, figures, ...result.measured };
  });

  const command = `npm run evaluate -- ${process.argv.slice(2).join(' ')}`.trim();
  const machine = describeMachine();
  const tookSeconds = Math.round((Date.now() - startedAt) / 1_000);
  console.log(JSON.stringify({ date: new Date(startedAt).toISOString(), command, machine, tookSeconds, evaluations: results }));
  const { cores, cpu, memoryGb, node, platform } = machine;
  console.error(`\n${command}\n${cores} × ${cpu}, ${memoryGb} GB, ${platform}, Node ${node}, ${tookSeconds} s\n`);
  const figures = results.flatMap((result) => result.figures);
  console.error(formatTable(figures));
  if (values.check && figures.some(({ value, goal }) => goal !== undefined && !isMet(value, goal))) process.exitCode = 1;
}

main();

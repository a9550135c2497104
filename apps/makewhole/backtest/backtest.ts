import { Failure, wrongUse } from '#apps/makewhole/failure';
import type { BacktestOptions } from '#apps/makewhole/backtest/command';
import { changesByKind, changesOf, deedChanges, deedChangesByFinding } from '#apps/makewhole/backtest/compare';
import { Contender, type Outcome, type Side } from '#apps/makewhole/backtest/contender';
import { readLabels, type Label } from '#apps/makewhole/backtest/labels';
import { qualityOf } from '#apps/makewhole/backtest/quality';
import { reportLines, sideReport, type BacktestReport } from '#apps/makewhole/backtest/report';
import { readInstant } from '#apps/makewhole/replay/instant-option';
import { openOutput } from '#apps/makewhole/replay/output-file';
import { inputSize, refuseSameFile } from '#apps/makewhole/replay/outputs';
import { readLines } from '#apps/makewhole/replay/read-lines';
import { requireConfig, requirePolicy } from '#apps/makewhole/settings';
import type { Terminal } from '#apps/makewhole/terminal';

/** Runs two configurations over the same events and tells what differs. */
export async function backtest(options: BacktestOptions, terminal: Terminal): Promise<void> {
  const until = options.until === undefined ? Number.NEGATIVE_INFINITY : readInstant('--until', options.until);
  const sides = loadSides(options);
  refuseSameFile([
    ['--input', options.input],
    ['--labels', options.labels],
    ['--changes', options.changes],
  ]);
  const bytes = inputSize(options.input);
  const labels = options.labels === undefined ? undefined : await readLabels(options.labels);
  const changes = options.changes === undefined ? undefined : openOutput('--changes', options.changes);
  const contenders = sides.map((side) => new Contender(side)) as [Contender, Contender];
  try {
    await feed(contenders, sides, { path: options.input, bytes, until }, terminal);
    const [baseline, candidate] = contenders.map((one) => one.finish(until)) as [Outcome, Outcome];
    const report = compare(sides, baseline, candidate, labels);
    if (changes !== undefined) {
      for (const [change, { findingId }] of changesOf(baseline, candidate))
        changes.writeLine(
          JSON.stringify({
            change,
            ...(change === 'gained' ? {} : { baseline: baseline.whole(findingId) }),
            ...(change === 'lost' ? {} : { candidate: candidate.whole(findingId) }),
          }),
        );
    }
    changes?.close();
    for (const line of reportLines(report)) terminal.note(line);
    terminal.print(JSON.stringify(report, null, 2));
  } finally {
    for (const one of contenders) one.close();
  }
}

function compare(
  [before, after]: readonly [Side, Side],
  baseline: Outcome,
  candidate: Outcome,
  labels: readonly Label[] | undefined,
): BacktestReport {
  const { '': otherActions = {}, ...money } = deedChanges(baseline, candidate);
  return {
    baseline: sideReport(before, baseline),
    candidate: sideReport(after, candidate),
    findings: changesByKind(baseline, candidate, changesOf(baseline, candidate)),
    money,
    moneyByFinding: deedChangesByFinding(baseline, candidate),
    otherActions,
    quality:
      labels === undefined
        ? null
        : {
            labels: labels.length,
            baseline: qualityOf(baseline.findings.values(), labels),
            candidate: qualityOf(candidate.findings.values(), labels),
          },
  };
}

/** Both sides, or the faults of both together. */
function loadSides({ baseline, candidate, policy, live }: BacktestOptions): readonly [Side, Side] {
  if (candidate === undefined && policy === undefined)
    throw wrongUse('nothing to try: name a configuration with --candidate <config>, a policy with --policy <file>, or both');
  const faults: string[] = [];
  const load = (option: string, file: string | undefined, [policyOption, policyFile]: PolicyOption): Side | undefined => {
    try {
      const config = told(option, () => requireConfig(file, {}));
      const decides = told(policyFile === undefined ? option : policyOption, () =>
        requirePolicy(policyFile ?? config.policyFile),
      );
      return { name: file ?? 'defaults', config, policy: decides };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      faults.push(error.message);
      return undefined;
    }
  };
  const before = load('--baseline', baseline, ['--live', live]);
  const after = load(candidate === undefined ? '--baseline' : '--candidate', candidate ?? baseline, ['--policy', policy]);
  if (before === undefined || after === undefined) throw wrongUse([...new Set(faults)].join('\n'));
  return [before, after];
}

type PolicyOption = readonly [option: string, file: string | undefined];

function told<Value>(option: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw error instanceof Failure ? wrongUse(`${option}: ${error.message}`) : error;
  }
}

interface Input {
  readonly path: string;
  readonly bytes: number;
  readonly until: number;
}

async function feed(
  contenders: readonly Contender[],
  sides: readonly Side[],
  { path, bytes, until }: Input,
  terminal: Terminal,
): Promise<void> {
  const progress = terminal.progress('backtest', bytes, 'events');
  let appendedAt = Math.max(Date.now(), until);
  let events = 0;
  await readLines({
    input: path,
    lineBytesMax: Math.max(...sides.map(({ config }) => config.gateway.eventBytesMax)),
    onLine(value, offset) {
      if (value.length === 0) return;
      events += 1;
      for (const one of contenders) one.record({ offset, key: null, value, headers: undefined, appendedAt });
    },
    onPiece(bytesRead) {
      appendedAt = Math.max(Date.now(), until);
      progress.update(bytesRead, `${events} events`);
    },
  }).finally(() => progress.stop());
}

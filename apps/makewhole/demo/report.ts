import Table from 'cli-table3';
import type { Comparison } from '#apps/makewhole/demo/compare';
import type { Reconciliation } from '#apps/makewhole/demo/reconcile';
import { formatMoney } from '#kernel/money-format';
import type { Terminal } from '#apps/makewhole/terminal';

export interface DemoResult {
  readonly comparison: Comparison;
  readonly reconciliation: Reconciliation;
  readonly actionsUnderWay: number;
  readonly events: number;
  readonly history: { readonly events: number; readonly tookMs: number };
  readonly latency: { readonly p50: number | null; readonly p99: number | null };
  readonly lookAlikes: number;
  readonly notices: number;
}

/** A loss that follows from what happened alone was missed, or money is not where we say. */
export const hasFailed = ({ comparison, reconciliation, actionsUnderWay }: DemoResult): boolean =>
  comparison.missed.some(({ kind }) => kind !== 'account-takeover') ||
  reconciliation.disagreements.length > 0 ||
  actionsUnderWay > 0;

/** Prints the result: data for the person who looks, so on standard output. */
export function tellResult(result: DemoResult, terminal: Terminal): void {
  const { comparison, reconciliation } = result;
  terminal.print(plantedTable(comparison));
  terminal.print(`false alarms: ${comparison.falseAlarms.length} (${result.lookAlikes} look-alikes were told)`);
  for (const { kind, accountId, paymentIds } of comparison.falseAlarms.slice(0, 10)) {
    terminal.print(`  ${kind} of ${accountId}: ${paymentIds.join(', ')}`);
  }
  for (const { kind, story, accountId } of comparison.missed)
    terminal.print(terminal.bad(`missed: ${kind} (${story}) of ${accountId}`));
  for (const { planted, finding } of comparison.lossDiffers) {
    terminal.print(
      terminal.bad(`another loss than planted: ${planted.story} of ${planted.accountId}: ${JSON.stringify(finding.loss)}`),
    );
  }
  terminal.print(moneyTable(reconciliation));
  for (const { key, ours, provider } of reconciliation.disagreements.slice(0, 10)) {
    terminal.print(terminal.bad(`the records differ on ${key}: we say ${ours}, the provider says ${provider}`));
  }
  if (result.actionsUnderWay > 0) terminal.print(terminal.bad(`${result.actionsUnderWay} actions have no known outcome yet`));
  terminal.print(speedLine(result));
  terminal.print(
    hasFailed(result) ? terminal.bad('FAILED') : terminal.good('every planted loss was found, and both records agree'),
  );
}

function plantedTable({ kinds }: Comparison): string {
  const table = new Table({
    head: ['loss', 'planted', 'found'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right'],
  });
  for (const { kind, planted, found } of kinds) table.push([kind, planted, found]);
  table.push(['all', sum(kinds.map(({ planted }) => planted)), sum(kinds.map(({ found }) => found))]);
  return table.toString();
}

function moneyTable({ ours, provider, disagreements }: Reconciliation): string {
  const head = ['currency', 'returned', "provider's record"];
  const table = new Table({ head, style: { head: [], border: [] }, colAligns: ['left', 'right', 'right'] });
  for (const currency of [...new Set([...ours.keys(), ...provider.keys()])].sort()) {
    const shown = (sums: ReadonlyMap<string, number>) => formatMoney({ minor: sums.get(currency) ?? 0, currency });
    table.push([currency, shown(ours), shown(provider)]);
  }
  return `${table.toString()}\nthe two records ${disagreements.length === 0 ? 'agree, action by action' : 'DIFFER'}`;
}

function speedLine({ events, history, latency, notices }: DemoResult): string {
  const rate = Math.round(history.events / Math.max(0.001, history.tookMs / 1_000));
  const shown = (seconds: number | null) => (seconds === null ? '–' : `≤ ${Math.round(seconds * 1_000)} ms`);
  return [
    `${events} events; the past of ${history.events} was worked off at ${rate} events/s;`,
    `live, appended → finding committed: p50 ${shown(latency.p50)}, p99 ${shown(latency.p99)}; ${notices} notices sent`,
  ].join(' ');
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

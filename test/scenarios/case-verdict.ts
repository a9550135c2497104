import type { CaseFile } from '#case/case-file';
import type { Played } from './play';
import type { Scenario } from './scenario';

/** What the cases of a scenario lack, in words. */
export function caseFaults({ cases: expected = {} }: Scenario, { cases, lines }: Played): readonly string[] {
  const faults: string[] = [];
  const count = (what: string, wanted: number | undefined, found: number): void => {
    if (wanted !== undefined && wanted !== found) faults.push(`expected ${wanted} cases ${what}, found ${found}`);
  };
  const actions = cases.flatMap((one) => one.actions);
  count('in all', expected.count, cases.length);
  count('open', expected.open, cases.filter(({ status }) => status === 'open').length);
  count('healed', expected.healed, cases.filter(({ outcome }) => outcome === 'healed').length);
  for (const kind of expected.kinds ?? [])
    if (!cases.some(({ kinds }) => (kinds as readonly string[]).includes(kind))) faults.push(`no case of ${kind}`);
  for (const kind of expected.actionKinds ?? [])
    if (!actions.some((action) => action.kind === kind)) faults.push(`no action ${kind}`);
  for (const kind of expected.noAction ?? [])
    if (actions.some((action) => action.kind === kind && action.state === 'approved')) faults.push(`action ${kind} approved`);
  for (const wanted of expected.actions ?? [])
    if (!actions.some((action) => isLike(action, wanted)))
      faults.push(`no action ${JSON.stringify(wanted)}, only ${JSON.stringify(actions)}`);
  if (expected.loss !== undefined && JSON.stringify(sumByCurrency(cases)) !== JSON.stringify(sorted(expected.loss)))
    faults.push(`expected loss ${JSON.stringify(expected.loss)}, found ${JSON.stringify(sumByCurrency(cases))}`);
  if (expected.clockDue !== undefined) {
    const [from, to] = expected.clockDue.map((text) => Date.parse(text)) as [number, number];
    const isDue = ({ dueAt }: { dueAt: string }): boolean => Date.parse(dueAt) >= from && Date.parse(dueAt) <= to;
    if (!cases.some(({ clocks }) => clocks.some(isDue))) faults.push('no clock falls due then');
  }
  const written = new Set(lines.map(({ findingId }) => findingId));
  for (const one of cases) for (const id of one.findingIds) if (!written.has(id)) faults.push(`case names unwritten ${id}`);
  return faults;
}

const isLike = (action: CaseFile['actions'][number], wanted: object): boolean =>
  Object.entries(wanted).every(
    ([name, value]) => JSON.stringify((action as unknown as Record<string, unknown>)[name]) === JSON.stringify(value),
  );

const sorted = (moneys: readonly { minor: number; currency: string }[]): readonly [string, number][] =>
  moneys.map(({ minor, currency }): [string, number] => [currency, minor]).sort((left, right) => (left[0] < right[0] ? -1 : 1));

function sumByCurrency(cases: readonly CaseFile[]): readonly [string, number][] {
  const sums = new Map<string, number>();
  for (const { loss } of cases) for (const { minor, currency } of loss) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return sorted([...sums].map(([currency, minor]) => ({ minor, currency })));
}

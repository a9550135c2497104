import { createDecoder } from '#event/decode';
import type { AnyEvent } from '#event/event';
import { accountStage } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import { detectorNames } from '#detection/detector';
import type { Emission } from '#detection/emission';
import type { FindingKind } from '#detection/finding';
import { kindsOf, type DetectorModes } from '#detection/mode';
import { defaultDetectionSettings } from '#detection/settings';
import { paymentLoad } from '#simulator/payment-load';
import type { BenchOptions } from './arguments';
import { type Figure, median } from './figure';

/** Beyond it a turn takes long and says no more. */
const EVENTS_MAX = 100_000;
const RECORD = { value: Buffer.alloc(0), headers: undefined };

/**
 * (g): what each kind of finding costs an event of the account stage: fold, detection and deadlines over the same decoded events, all
 * kinds live against that kind off. All are run once in a turn, in the same order; a kind's figure is the median over the turns of
 * its difference, in CPU time of this process. Kinds that one detector tells are off together. What two runs with everything live
 * differ by says how small a difference still means something. The scope stage is not in it.
 */
export function measureDetectors(options: BenchOptions, tell: (line: string) => void): Figure[] {
  const events = decodedLoad(Math.min(options.events, EVENTS_MAX), options.accounts);
  const groups = kindGroups();
  const turns = Math.max(5, options.repeats);
  const whole: number[] = [];
  const noise: number[] = [];
  const costs = groups.map((): number[] => []);
  run(events, {});
  for (let turn = 1; turn <= turns; turn++) {
    const live = run(events, {});
    groups.forEach((kinds, at) => costs[at]!.push(live - run(events, allOff(kinds))));
    const again = run(events, {});
    whole.push(live, again);
    noise.push(Math.abs(live - again));
    tell(`detectors ${turn}: ${Math.round(live)} ns an event with everything live, ${Math.round(again)} again`);
  }
  const figure = (name: string, values: readonly number[]): Figure => ({
    name: `(g) ${name}`,
    value: median(values),
    unit: 'ns/event',
  });
  return [
    figure('account stage, all live', whole),
    figure('two runs alike differ by', noise),
    ...groups.map((kinds, at) => figure(kinds.join(', '), costs[at]!)),
  ];
}

/** Kinds by the detectors that tell them: those that share a detector are one group. */
function kindGroups(): readonly (readonly FindingKind[])[] {
  const groups: FindingKind[][] = [];
  for (const name of detectorNames) {
    const kinds = kindsOf(name);
    const touched = groups.filter((group) => group.some((kind) => kinds.includes(kind)));
    for (const group of touched) groups.splice(groups.indexOf(group), 1);
    groups.push([...new Set([...touched.flat(), ...kinds])]);
  }
  return groups;
}

const allOff = (kinds: readonly FindingKind[]): DetectorModes => Object.fromEntries(kinds.map((kind) => [kind, 'off']));

function decodedLoad(count: number, accounts: number): readonly AnyEvent[] {
  const decode = createDecoder({});
  const stepMs = 100_000 / accounts;
  const events: AnyEvent[] = [];
  for (const { value } of paymentLoad({ seed: 5, accounts, events: count, from: Date.UTC(2026, 5, 1), stepMs })) {
    const decoded = decode(Buffer.from(value), undefined);
    if (decoded !== 'ignored' && decoded.ok) events.push(decoded.value);
  }
  return events;
}

/** Nanoseconds of CPU an event. */
function run(events: readonly AnyEvent[], modes: DetectorModes): number {
  const stage = accountStage(defaultDetectionSettings, { modes });
  const states = new Map<string, AccountState>();
  const coverage = stage.newShared();
  const out: Emission[] = [];
  let watermark = -Infinity;
  const before = process.cpuUsage();
  for (const event of events) {
    let state = states.get(event.accountId);
    if (state === undefined) states.set(event.accountId, (state = stage.newState(event.accountId)));
    watermark = Math.max(watermark, event.at - stage.latenessMs);
    if (stage.nextDeadline(state) <= watermark) stage.fire(state, coverage, watermark, out);
    stage.apply(state, event, coverage, watermark, RECORD, out);
    if (out.length > 0) out.length = 0;
  }
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / events.length;
}

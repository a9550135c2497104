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
import type { Figure } from './figure';
import { cpuNsEach, leastOf } from './turns';

/** Beyond it a turn takes long and says no more. */
const EVENTS_MAX = 50_000;
export const TURNS_MIN = 12;
const RECORD = { value: Buffer.alloc(0), headers: undefined };

/**
 * (g): what each kind of finding costs an event of the account stage: fold, detection and deadlines over the same decoded events, all
 * kinds live against that kind off, in CPU time of this process. Kinds that one detector tells are off together. What a second stage
 * with everything live differs by says how small a difference still means something.
 */
export function measureDetectors(options: BenchOptions, tell: (line: string) => void): Figure[] {
  const events = decodedLoad(Math.min(options.events, EVENTS_MAX), options.accounts);
  const groups = kindGroups();
  const stages = [{}, {}, ...groups.map(allOff)].map((modes) => accountStage(defaultDetectionSettings, { modes }));
  const runs = stages.map((stage) => () => cpuNsEach(events.length, () => run(events, stage)));
  const least = leastOf(runs, Math.max(TURNS_MIN, options.repeats), (turn, [live]) =>
    tell(`detectors, turn ${turn}: ${Math.round(live!)} ns an event with everything live`),
  );
  const [live, again, ...without] = least as [number, number, ...number[]];
  const figure = (name: string, value: number): Figure => ({ name: `(g) ${name}`, value, unit: 'ns/event' });
  return [
    figure('account stage, all live', live),
    figure('two alike differ by', Math.abs(live - again)),
    ...groups.map((kinds, at) => figure(kinds.join(', '), Math.min(live, again) - without[at]!)),
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

function run(events: readonly AnyEvent[], stage: ReturnType<typeof accountStage>): void {
  const states = new Map<string, AccountState>();
  const coverage = stage.newShared();
  const out: Emission[] = [];
  let watermark = -Infinity;
  for (const event of events) {
    let state = states.get(event.accountId);
    if (state === undefined) states.set(event.accountId, (state = stage.newState(event.accountId)));
    watermark = Math.max(watermark, event.at - stage.latenessMs);
    if (stage.nextDeadline(state) <= watermark) stage.fire(state, coverage, watermark, out);
    stage.apply(state, event, coverage, watermark, RECORD, out);
    if (out.length > 0) out.length = 0;
  }
}

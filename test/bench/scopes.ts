import type { AnyScopeDetector } from '#detection/scope-detector';
import { createScopeDetectors, wantedTypes } from '#detection/scope-detectors';
import { byTime, type SlimEvent, unpackSlimEvent } from '#detection/scope-event';
import { scopeStage } from '#detection/scope-stage';
import { stateKeyOf, type ScopeState } from '#detection/scope-state';
import { defaultDetectionSettings } from '#detection/settings';
import { days } from '#kernel/time';
import { simulateHistory } from '#simulator/platform';
import { decoded, type DecodedEvent, slimRows } from '#test/scenarios/slim-told';
import type { BenchOptions } from './arguments';
import { TURNS_MIN } from './detectors';
import type { Figure } from './figure';
import { cpuNsEach, leastOf } from './turns';

const UNTIL = Date.UTC(2026, 5, 1);

/**
 * (g), the other scopes: what the account stage takes longer for telling them, and what each detector of theirs costs, all live against
 * that one left out. By event of a simulated platform (log-ins, orders, payments, refunds, statements), in CPU time of this process.
 */
export function measureScopes(options: BenchOptions, tell: (line: string) => void): Figure[] {
  const events = platform();
  const detectors = createScopeDetectors(defaultDetectionSettings);
  const names = [...new Set(detectors.map(({ name }) => name))];
  const rows = [...slimRows(events, wantedTypes(detectors))].sort(byTime).map((cells) => unpackSlimEvent(cells, 0));
  const sets = [detectors, detectors, ...names.map((name) => detectors.filter((detector) => detector.name !== name))];
  const runs = [
    () => cpuNsEach(events.length, () => void slimRows(events, new Set())),
    () => cpuNsEach(events.length, () => void slimRows(events, wantedTypes(detectors))),
    ...sets.map((set) => () => cpuNsEach(events.length, () => fold(rows, set))),
  ];
  const least = leastOf(runs, Math.max(TURNS_MIN, options.repeats), (turn, [, , live]) =>
    tell(`scopes, turn ${turn}: ${Math.round(live!)} ns an event with everything live`),
  );
  const [silent, telling, live, again, ...without] = least as [number, number, number, number, ...number[]];
  const figure = (name: string, value: number): Figure => ({ name: `(g) other scopes, ${name}`, value, unit: 'ns/event' });
  return [
    { name: '(g) other scopes, told of', value: rows.length / events.length, unit: '/event' },
    figure('telling them', telling - silent),
    figure('all live', live),
    figure('two alike differ by', Math.abs(live - again)),
    ...names.map((name, at) => figure(name, Math.min(live, again) - without[at]!)),
  ];
}

function platform(): readonly DecodedEvent[] {
  const { events } = simulateHistory({
    ...{ seed: 5, buyers: 900, lossesEach: 2, lookAlikesEach: 2 },
    ...{ from: UNTIL - days(60), until: UNTIL },
  });
  return events.map(({ event }) => decoded(event));
}

function fold(rows: readonly SlimEvent[], detectors: readonly AnyScopeDetector[]): void {
  const stage = scopeStage(detectors);
  const states = new Map<string, ScopeState>();
  const shared = stage.newShared();
  const out: never[] = [];
  let watermark = -Infinity;
  for (const event of rows) {
    const key = stateKeyOf(event.scope, event.key);
    let state = states.get(key);
    if (state === undefined) states.set(key, (state = stage.newState(key)));
    watermark = Math.max(watermark, event.at - stage.latenessMs);
    if (stage.nextDeadline(state) <= watermark) stage.fire(state, shared, watermark, out);
    stage.apply(state, event, shared, watermark, undefined, out);
    out.length = 0;
  }
}

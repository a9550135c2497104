import type { AnyEvent } from '#event/event';
import { accountStage } from '#detection/account-stage';
import { assessAll, fullSettings } from '#test/laws/assess-all';
import { eventOf } from '#test/scenarios/ledger-after';
import { sections } from '#test/scenarios/facts/sections';

const stage = accountStage(fullSettings);
const END = Date.UTC(2027, 0, 1);
const record = { value: Buffer.alloc(0), headers: undefined };

/** What would have to be said, or awaited, that nobody was asked about, after each event and after all deadlines. */
function overlooked(events: readonly AnyEvent[]): readonly string[] {
  const coverage = stage.newShared();
  const state = stage.newState('buyer');
  const faults: string[] = [];
  let watermark = -Infinity;
  for (const event of events) {
    watermark = Math.max(watermark, event.at);
    stage.fire(state, coverage, watermark, []);
    stage.apply(state, event, coverage, watermark, record, []);
    faults.push(...assessAll(state, coverage));
  }
  stage.fire(state, coverage, END, []);
  return [...faults, ...assessAll(state, coverage)];
}

describe.each(Object.entries(sections))('facts: %s', (_section, stories) => {
  it.each(stories.map((story) => [story.name, story] as const))('no detector is passed over: %s', (_name, { events }) => {
    const told = events.map(eventOf);
    expect(overlooked(told)).toEqual([]);
    expect(overlooked(told.toReversed())).toEqual([]);
  });
});

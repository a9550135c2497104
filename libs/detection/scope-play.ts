import { NEVER, type InstantMs } from '#kernel/time';
import { SCORES, type Emission } from '#detection/emission';
import type { Finding } from '#detection/finding';
import type { AnyScopeDetector } from '#detection/scope-detector';
import type { Scope, SlimData, SlimEvent, SlimType } from '#detection/scope-event';
import { scopeStage } from '#detection/scope-stage';
import { stateKeyOf, type ScopeState } from '#detection/scope-state';

/** What a scope detector made of events. */
export interface ScopePlayed {
  /** As said last, by id. */
  readonly findings: readonly Finding[];
  /** Every line, in order. */
  readonly lines: readonly Finding[];
  readonly scores: readonly object[];
  /** States by stored key, as text. */
  readonly states: ReadonlyMap<string, string>;
}

let made = 0;

/** A slim event for a test; its id and account are made up where they are not given. */
export const slim = <Type extends SlimType>(
  scope: Scope,
  key: string,
  type: Type,
  at: InstantMs,
  data: SlimData[Type],
  { eventId = `e-${++made}`, accountId = 'a-1' }: { eventId?: string; accountId?: string } = {},
): SlimEvent => ({ scope, key, type, at, data, eventId, accountId }) as unknown as SlimEvent;

/**
 * Runs the scope stage over events in the order given; what is due fires before each, as a partition would, and in the end up to
 * `until`. `each` is called after every event, with what it may replace: states go through their text where it answers true.
 */
export function playScope(
  detector: AnyScopeDetector | readonly AnyScopeDetector[],
  events: readonly SlimEvent[],
  { until = -NEVER, latenessMs = 60_000, throughText = false } = {},
): ScopePlayed {
  const stage = scopeStage(Array.isArray(detector) ? (detector as AnyScopeDetector[]) : [detector as AnyScopeDetector], {
    latenessMs,
    tellsScores: true,
  });
  let shared = stage.newShared();
  const states = new Map<string, ScopeState>();
  const out: Emission[] = [];
  let watermark = -NEVER;
  const advance = (to: InstantMs): void => {
    for (;;) {
      const due = [...states].filter(([, state]) => stage.nextDeadline(state) <= to);
      const [first] = due.sort(([one, state], [other, next]) => {
        return stage.nextDeadline(state) - stage.nextDeadline(next) || (one < other ? -1 : 1);
      });
      if (first === undefined) break;
      stage.fire(first[1], shared, stage.nextDeadline(first[1]), out);
    }
    watermark = Math.max(watermark, to);
  };
  for (const event of events) {
    advance(event.at - latenessMs);
    const key = stateKeyOf(event.scope, event.key);
    let state = states.get(key) ?? stage.newState(key);
    if (throughText) {
      state = stage.decodeState(stage.encode(state), key);
      shared = stage.decodeShared(stage.encodeShared(shared));
    }
    states.set(key, state);
    stage.apply(state, event, shared, watermark, undefined, out);
  }
  advance(until);
  const lines = out.flatMap(({ topic, body }) =>
    topic === SCORES ? [] : [(JSON.parse(body) as { data: { finding: Finding } }).data.finding],
  );
  return {
    lines,
    findings: [...new Map(lines.map((finding) => [finding.findingId, finding])).values()],
    scores: out.flatMap(({ topic, body }) =>
      topic === SCORES ? [(JSON.parse(body) as { data: { score: object } }).data.score] : [],
    ),
    states: new Map([...states].map(([key, state]) => [key, stage.encode(state)])),
  };
}

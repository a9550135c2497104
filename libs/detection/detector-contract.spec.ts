import fc from 'fast-check';
import type { AnyEvent } from '#event/event';
import { accountStage } from '#detection/account-stage';
import type { AccountState } from '#detection/account-state';
import type { Emission } from '#detection/emission';
import type { Finding } from '#detection/finding';
import { randomStory } from '#test/scenarios/random-story';
import type { ToldEvent } from '#test/scenarios/told-events';
import { assessAll, fullSettings } from '#test/laws/assess-all';
import { runs } from '#test/laws/runs';

/** What every detector of the account stage keeps to, all of them at once over random stories of one account. */
const stage = accountStage(fullSettings);
const END = Date.UTC(2026, 11, 1);

const decode = (told: ToldEvent): AnyEvent => {
  const decoded = stage.decode({ value: Buffer.from(JSON.stringify(told)), headers: undefined });
  if (decoded.kind !== 'event') throw new Error(JSON.stringify(decoded));
  return decoded.event;
};

/** As the partition loop does it, for one account; `between` may put another state in the place of the one that is held. */
function run(
  events: readonly ToldEvent[],
  between: (state: AccountState) => AccountState = (state) => state,
  coverage = stage.newShared(),
) {
  let state = stage.newState('buyer');
  const out: Emission[] = [];
  let watermark = -Infinity;
  for (const told of events) {
    const event = decode(told);
    watermark = Math.max(watermark, event.at - stage.latenessMs);
    stage.fire(state, coverage, watermark, out);
    stage.apply(state, event, coverage, watermark, { value: Buffer.alloc(0), headers: undefined }, out);
    state = between(state);
  }
  stage.fire(state, coverage, END, out);
  between(state);
  return { state, out, lines: out.flatMap(findingOf) };
}

function findingOf({ kind, body }: Emission): Finding[] {
  return kind === 'finding' ? [(JSON.parse(body) as { data: { finding: Finding } }).data.finding] : [];
}

/** The open findings at the end, without `at`: that of the first line depends on when the first news came. */
function openAtEnd(lines: readonly Finding[]): readonly string[] {
  const last = new Map(lines.map((line) => [line.findingId, line]));
  return [...last.values()]
    .filter(({ status }) => status === 'open')
    .map(({ at: _at, ...finding }) => JSON.stringify(finding))
    .sort();
}

const freeze = <Value>(value: Value): Value => {
  if (value !== null && typeof value === 'object' && !Buffer.isBuffer(value)) Object.values(value).forEach(freeze);
  return Object.freeze(value);
};

describe('every detector', () => {
  it('says the same at the end whatever the order in which the account’s events arrive', () => {
    fc.assert(
      fc.property(
        randomStory.chain((story) => fc.tuple(fc.constant(story), fc.shuffledSubarray([...story], { minLength: story.length }))),
        ([story, shuffled]) => expect(openAtEnd(run(shuffled).lines)).toEqual(openAtEnd(run(story).lines)),
      ),
      runs(200),
    );
  });

  it('says nothing new when events are delivered again', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const twice = run(story.flatMap((event) => [event, event]));
        expect(twice.out).toEqual(run(story).out);
        expect(openAtEnd(run([...story, ...story]).lines)).toEqual(openAtEnd(run(story).lines));
      }),
      runs(200),
    );
  });

  it('replays to the same lines', () => {
    fc.assert(
      fc.property(randomStory, (story) => expect(run(story).out).toEqual(run(story).out)),
      runs(200),
    );
  });

  it('goes on from a state that was written and read back as if nothing had happened', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const plain = run(story);
        const restored = run(story, (state) => stage.decodeState(stage.encode(state), 'buyer'));
        expect(restored.out).toEqual(plain.out);
        expect(restored.state).toEqual(plain.state);
      }),
      runs(200),
    );
  });

  it('is asked whenever an event or a deadline changes its answer', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const coverage = stage.newShared();
        run(
          story,
          (state) => {
            expect(assessAll(state, coverage)).toEqual([]);
            return state;
          },
          coverage,
        );
      }),
      runs(200),
    );
  });

  it('changes nothing of the events that it is given', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const state = stage.newState('buyer');
        for (const told of story) {
          const event = freeze(decode(told));
          stage.apply(state, event, stage.newShared(), -Infinity, { value: Buffer.alloc(0), headers: undefined }, []);
        }
      }),
      runs(200),
    );
  });

  it('opens a finding before it clears it, and never says one line twice in a row', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const last = new Map<string, Finding>();
        for (const line of run(story).lines) {
          const before = last.get(line.findingId);
          if (before === undefined) expect(line.status).toBe('open');
          else expect(line).not.toEqual(before);
          last.set(line.findingId, line);
        }
      }),
      runs(200),
    );
  });

  it('leaves no deadline at or before the instant up to which it was asked', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const { state } = run(story);
        expect(stage.nextDeadline(state)).toBeGreaterThan(END);
      }),
      runs(200),
    );
  });

  it('names money as safe integers above zero, times as RFC 3339, and the events that it rests on', () => {
    fc.assert(
      fc.property(randomStory, (story) => {
        const ids = new Set(story.map(({ id }) => id));
        for (const { loss, at, eventIds, kind } of run(story).lines) {
          if (loss !== null)
            expect({ kind, isWhole: Number.isSafeInteger(loss.minor) && loss.minor > 0 }).toEqual({ kind, isWhole: true });
          expect(new Date(at).toISOString()).toBe(at);
          expect(eventIds.length).toBeGreaterThan(0);
          for (const id of eventIds) expect(ids).toContain(id);
        }
      }),
      runs(200),
    );
  });
});

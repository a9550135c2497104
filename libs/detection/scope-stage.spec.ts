import { days, minutes, NEVER, type InstantMs } from '#kernel/time';
import type { Cell } from '#ledger/packing';
import type { Emission } from '#detection/emission';
import type { Finding } from '#detection/finding';
import type { DetectorModes } from '#detection/mode';
import type { AnyScopeDetector, ScopeClaim, ScopeDetector, ScopeView, SharedPart } from '#detection/scope-detector';
import { packSlimEvent, type Scope } from '#detection/scope-event';
import { slim } from '#detection/scope-play';
import { scopeStage, type ScopeStageOptions } from '#detection/scope-stage';
import { TOLD_MAX } from '#detection/scope-state';

const START = Date.UTC(2026, 4, 4, 8);
const claim: ScopeClaim = {
  kind: 'merchant-anomaly',
  confidence: 'likely',
  money: 'refunds',
  at: START,
  clearedAt: NEVER,
  merchantId: 'm-1',
  orderId: '',
  paymentIds: [],
  loss: null,
  because: { rule: 'refund-rate', fields: [], figures: {} },
  eventIds: [],
};

/** Times at which it is due, as its events named them; what it saw when it was asked. */
interface Due {
  readonly due: number[];
}
interface Seen {
  readonly name: string;
  readonly what: string;
  readonly key: string;
  readonly now: InstantMs;
  readonly at: InstantMs;
}

/** Is due an hour after each complaint; notes what it is asked. */
function watcher(name: string, seen: Seen[], scope: Scope = 'merchant', more: object = {}): AnyScopeDetector {
  const watched: ScopeDetector<Due> = {
    name,
    scope,
    listens: ['complaint'],
    newState: () => ({ due: [] }),
    apply({ due }, { at, key }, view) {
      due.push(at + minutes(60));
      seen.push({ name, what: 'apply', key, now: view.now, at });
    },
    nextDeadline: ({ due }) => Math.min(NEVER, ...due),
    fire({ due }, at, view) {
      due.splice(due.indexOf(at), 1);
      seen.push({ name, what: 'fire', key: view.key, now: view.now, at });
    },
    encode: ({ due }) => due,
    decode: (cell) => ({ due: [...(cell as number[])] }),
  };
  return { ...watched, ...more } as AnyScopeDetector;
}

/** Says what it is told to, at each complaint. */
const speaker = (say: (view: ScopeView) => void, scope: Scope = 'merchant'): AnyScopeDetector => ({
  name: 'speaker',
  scope,
  listens: ['complaint'],
  newState: () => ({}),
  apply: (_state, _event, view) => say(view),
  encode: () => 0,
  decode: () => ({}),
  isIdle: () => false,
});

const complaint = (key: string, at: InstantMs, scope: Scope = 'merchant') =>
  slim(scope, key, 'complaint', at, ['c-1', 'payment']);

/** One state that hears of complaints, and what the stage said. */
function played(detectors: readonly AnyScopeDetector[], options: ScopeStageOptions = {}, scope: Scope = 'merchant') {
  const stage = scopeStage(detectors, options);
  const shared = stage.newShared();
  const out: Emission[] = [];
  const state = stage.newState(scope === 'network' ? 'network/~1' : `${scope}/k-1`);
  const hear = (at: InstantMs, watermark: InstantMs = at, key = 'k-1') =>
    stage.apply(state, complaint(key, at, scope), shared, watermark, undefined, out);
  const findings = () => out.map(({ body }) => (JSON.parse(body) as { data: { finding: Finding } }).data.finding);
  return { stage, shared, out, state, hear, findings };
}

describe('what a scope says', () => {
  it('is about its key, and goes out under it', () => {
    const { hear, findings, out } = played([speaker((view) => view.say(claim))]);
    hear(START);
    expect(findings()).toMatchObject([{ accountId: null, scope: { kind: 'merchant', key: 'k-1' }, status: 'open' }]);
    expect(findings()[0]).not.toHaveProperty('mode');
    expect(out[0]).toMatchObject({ key: 'merchant/k-1', topic: 'findings' });
  });

  it('is about an account where it names one', () => {
    const { hear, findings, out } = played([speaker((view) => view.say({ ...claim, accountId: 'ann' }))]);
    hear(START);
    expect(findings()).toMatchObject([{ accountId: 'ann' }]);
    expect(findings()[0]).not.toHaveProperty('scope');
    expect(out[0]!.key).toBe('ann');
  });

  it.each<[DetectorModes, object[]]>([
    [{ 'merchant-anomaly': 'off' }, []],
    [{ 'merchant-anomaly': 'shadow' }, [{ mode: 'shadow' }]],
    [{ 'card-testing': 'off' }, [{ kind: 'merchant-anomaly' }]],
  ])('in the modes %j is %j', (modes, told) => {
    const { hear, findings } = played([speaker((view) => view.say(claim))], { modes });
    hear(START);
    expect(findings()).toMatchObject(told);
  });

  it('is told once, again when it differs, and cleared under the same id', () => {
    const claims = [claim, claim, { ...claim, confidence: 'possible' as const }, { ...claim, clearedAt: START + minutes(9) }];
    const { hear, findings } = played([speaker((view) => view.say(claims.shift()!))]);
    for (let n = 0; n < 4; n++) hear(START + n);
    expect(findings().map(({ confidence, status }) => [confidence, status])).toEqual([
      ['likely', 'open'],
      ['possible', 'open'],
      ['likely', 'cleared'],
    ]);
    expect(new Set(findings().map(({ findingId }) => findingId)).size).toBe(1);
  });

  it('of one key says nothing of another key', () => {
    const { hear, findings } = played([speaker((view) => view.say(claim), 'network')], {}, 'network');
    hear(START);
    hear(START, START, 'k-2');
    hear(START);
    expect(findings().map(({ status, scope }) => [status, scope?.key])).toEqual([
      ['open', 'k-1'],
      ['open', 'k-2'],
    ]);
  });

  it('is remembered for a month and up to a number of findings', () => {
    let n = 0;
    const { hear, state } = played([speaker((view) => view.say({ ...claim, at: view.now, money: `matter-${n++}` }))]);
    for (let at = 0; at < TOLD_MAX + 5; at++) hear(START + at);
    expect(state.entries.get('k-1')!.told.map(({ finding }) => finding.at)).toHaveLength(TOLD_MAX);
    hear(START + days(31));
    expect(state.entries.get('k-1')!.told).toHaveLength(1);
  });
});

describe('a stage of scopes', () => {
  it('keeps nothing of what nobody listens to', () => {
    const { stage, shared, state, out } = played([watcher('one', [])]);
    expect(stage.apply(state, slim('merchant', 'k-1', 'undelivered', START, ['o-1']), shared, START, undefined, out)).toEqual({
      kind: 'applied',
    });
    expect(state.entries.size).toBe(0);
  });

  it('hands each detector its own state of the key, and the watermark', () => {
    const noted: Seen[] = [];
    const { hear, state } = played([watcher('one', noted), watcher('other', noted), watcher('elsewhere', noted, 'route')]);
    expect(hear(START, START - minutes(1))).toEqual({ kind: 'applied' });
    hear(START + 1, -NEVER);
    expect(noted.map(({ name, now }) => [name, now])).toEqual([
      ['one', START - minutes(1)],
      ['other', START - minutes(1)],
      ['one', -8_640_000_000_000],
      ['other', -8_640_000_000_000],
    ]);
    expect(state.entries.get('k-1')!.parts).toEqual([
      { due: [START + minutes(60), START + minutes(60) + 1] },
      { due: [START + minutes(60), START + minutes(60) + 1] },
    ]);
  });

  it('is due when the first of its keys and detectors is, and never without deadlines', () => {
    const { stage, hear, state } = played([speaker(() => undefined), watcher('one', [])]);
    expect(stage.nextDeadline(state)).toBe(NEVER);
    hear(START + minutes(5), START, 'k-2');
    expect(stage.nextDeadline(state)).toBe(START + minutes(65));
    hear(START, START, 'k-1');
    expect(stage.nextDeadline(state)).toBe(START + minutes(60));
    const none = played([speaker(() => undefined)]);
    none.hear(START);
    expect(none.stage.nextDeadline(none.state)).toBe(NEVER);
  });

  it('fires what is due by time, at one instant in the order of its detectors, and no more', () => {
    const noted: Seen[] = [];
    const { stage, shared, hear, state, out } = played([watcher('one', noted), watcher('other', noted)]);
    hear(START + 1);
    hear(START);
    noted.length = 0;
    const due = START + minutes(60);
    expect(stage.fire(state, shared, due - 1, out)).toEqual([]);
    expect(stage.fire(state, shared, due, out)).toEqual([
      { name: 'one', subject: 'k-1', at: due },
      { name: 'other', subject: 'k-1', at: due },
    ]);
    expect(noted).toEqual([
      { name: 'one', what: 'fire', key: 'k-1', now: due, at: due },
      { name: 'other', what: 'fire', key: 'k-1', now: due, at: due },
    ]);
    expect(stage.fire(state, shared, due + minutes(1), out).map(({ at }) => at)).toEqual([due + 1, due + 1]);
    expect(stage.nextDeadline(state)).toBe(NEVER);
  });

  it('takes a commit of a stream once', () => {
    const { stage, shared } = played([]);
    const from = (stream: string, position: number) => stage.admit(shared, { stream, position });
    expect([from('s', 0), from('s', 0), from('s', 2), from('s', 1), from('t', 1), from('s', 3)]).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
    ]);
    const stored = stage.decodeShared(stage.encodeShared(shared));
    expect([stage.admit(stored, { stream: 's', position: 3 }), stage.admit(stored, { stream: 's', position: 4 })]).toEqual([
      false,
      true,
    ]);
    expect([stage.name, stage.storesTogether, stage.latenessMs, stage.sharedVersion()]).toEqual(['scope', true, 60_000, 0]);
  });

  it('takes a record apart into events, each with the key of its state', () => {
    const event = complaint('k-1', START);
    const origin = { stream: 's', position: 7 };
    const unpack = () => ({ origin, rows: [[12, ...packSlimEvent(event)] as readonly Cell[]] });
    const { stage } = played([], { unpack });
    expect(stage.decode({ value: Buffer.alloc(0) })).toEqual({
      kind: 'batch',
      origin,
      parts: [{ key: 'merchant/k-1', at: START, event }],
    });
    expect(() => played([]).stage.decode({ value: Buffer.alloc(0) })).toThrow('this stage reads no records');
  });

  it('says scores only where they are asked for', () => {
    const heard: boolean[] = [];
    const asks = speaker((view) => {
      heard.push(view.score !== undefined);
      view.score?.({ eventId: 'e-1', paymentId: 'p-1', accountId: 'ann', merchantId: 'k-1', at: START, score: 0.5, parts: {} });
    });
    const [silent, loud] = [played([asks]), played([asks], { tellsScores: true })];
    silent.hear(START);
    loud.hear(START);
    expect(heard).toEqual([false, true]);
    expect(silent.out).toEqual([]);
    expect(loud.out).toMatchObject([{ id: 's-e-1', topic: 'scores', key: 'ann' }]);
  });

  it('has no detector of networks that waits, or never says that a state is idle', () => {
    const network = speaker(() => undefined, 'network');
    expect(() => scopeStage([network, watcher('waiter', [], 'network', { isIdle: () => true })])).toThrow('waiter: a detector');
    expect(() => scopeStage([{ ...network, isIdle: undefined } as unknown as AnyScopeDetector])).toThrow('speaker: a detector');
  });
});

describe('what keys share', () => {
  const part: SharedPart<{ count: number }> = {
    name: 'counter',
    create: () => ({ count: 0 }),
    encode: ({ count }) => [count],
    decode: (cell) => ({ count: (cell as number[])[0]! }),
  };
  const counts = { ...speaker((view) => void view.shared(part).count++), uses: [part as SharedPart<unknown>] };

  it('is one for all keys and goes on from its text, whether or not somebody asked for it in between', () => {
    const { stage, shared, hear, state, out } = played([counts]);
    hear(START);
    hear(START, START, 'k-2');
    let stored = shared;
    for (let n = 0; n < 2; n++) stored = stage.decodeShared(stage.encodeShared(stored));
    stage.apply(state, complaint('k-1', START), stored, START, undefined, out);
    expect(JSON.parse(stage.encodeShared(stored))).toEqual([[], [['counter', [3]]]]);
  });

  it('is not handed to a detector that did not say that it uses it', () => {
    const { hear } = played([{ ...counts, uses: [] }]);
    expect(() => hear(START)).toThrow('no detector says that it uses the shared part counter');
  });

  it('is written in the order of names', () => {
    const other = { ...part, name: 'another' };
    const asks = speaker((view) => void (view.shared(part).count++, view.shared(other).count++));
    const { stage, shared, hear } = played([{ ...asks, uses: [part, other] as SharedPart<unknown>[] }]);
    stage.admit(shared, { stream: 'b', position: 1 });
    stage.admit(shared, { stream: 'c', position: 3 });
    stage.admit(shared, { stream: 'a', position: 2 });
    hear(START);
    expect(stage.encodeShared(shared)).toBe('[[["a",2],["b",1],["c",3]],[["another",[1]],["counter",[1]]]]');
  });
});

describe('a state as text', () => {
  it('keeps what each detector knows under its name: one that is new or was off begins anew', () => {
    const { stage, hear, state } = played([watcher('one', []), watcher('other', [])]);
    hear(START);
    const text = stage.encode(state);
    expect(JSON.parse(text)).toEqual([
      1,
      null,
      [
        [
          'k-1',
          START,
          [
            ['one', [START + minutes(60)]],
            ['other', [START + minutes(60)]],
          ],
        ],
      ],
    ]);
    const changed = scopeStage([watcher('new', []), watcher('other', [])]).decodeState(text, 'merchant/k-1');
    expect(changed.entries.get('k-1')!.parts).toEqual([undefined, { due: [START + minutes(60)] }]);
    expect(stage.decodeState(text, 'merchant/k-1')).toEqual(state);
  });

  it('has nothing of a detector that heard nothing of the key', () => {
    const deaf = { ...watcher('other', []), listens: ['undelivered'] } as AnyScopeDetector;
    const { stage, hear, state } = played([deaf, watcher('one', [])]);
    hear(START);
    expect(JSON.parse(stage.encode(state))[2]).toEqual([['k-1', START, [['one', [START + minutes(60)]]]]]);
    expect(stage.nextDeadline(state)).toBe(START + minutes(60));
    expect(stage.decodeState(stage.encode(state), 'merchant/k-1').entries.get('k-1')!.parts).toEqual(
      state.entries.get('k-1')!.parts,
    );
  });

  it('keeps what was told, and when a shelf was swept', () => {
    const { stage, hear, state, out } = played([speaker((view) => view.say(claim), 'network')], {}, 'network');
    hear(START);
    const stored = stage.decodeState(stage.encode(state), 'network/~1');
    expect(stored).toEqual(state);
    expect(stored.sweptAt).toBe(START);
    stage.apply(stored, complaint('k-1', START, 'network'), stage.newShared(), START, undefined, out);
    expect(out).toHaveLength(1);
  });

  it('of another layout is refused', () => {
    const { stage, state } = played([]);
    const text = stage.encode(state).replace('[1,', '[2,');
    expect(() => stage.decodeState(text, 'merchant/k-1')).toThrow(
      'state of merchant/k-1 has layout 2, expected 1: rebuild it from the log',
    );
  });
});

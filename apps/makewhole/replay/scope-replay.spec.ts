import { loadConfig } from '#config/config';
import { packSlimEvent, SUM_FROM } from '#detection/scope-event';
import { minutes } from '#kernel/time';
import { Random } from '#simulator/random';
import type { SlimEmission } from '#stream/stage';
import type { Said } from '#apps/makewhole/replay/account-replay';
import { EarlyFold } from '#apps/makewhole/replay/early-fold';
import { messageOf } from '#apps/makewhole/replay/message';
import { ScopeReplay } from '#apps/makewhole/replay/scope-replay';
import { ScopeThread } from '#apps/makewhole/replay/scope-thread';
import { scopeStageOf } from '#apps/makewhole/replay/stage';
import type { SlimRow } from '#apps/makewhole/replay/slim-piece';

jest.setTimeout(60_000);

const START = Date.UTC(2026, 4, 4, 8);
const STEPS = 20_000;
const until = START + minutes(STEPS);
const loaded = loadConfig({ env: {} });
if (!loaded.ok) throw new Error('the defaults are no configuration');
const config = loaded.value;

/** Cards tried out at some addresses, and a route that fails for an hour. */
function emissions(): SlimEmission[] {
  const random = new Random('slim');
  return Array.from({ length: STEPS }, (_, n): SlimEmission[] => {
    const at = START + n * 20_000;
    const ip = `203.0.113.${Math.floor(random.next() * 9)}`;
    const data = ['failed', `p-${n}`, 100, 'EUR', `card-${n}`, 'm-1'] as const;
    const common = { at, eventId: `e-${n}`, accountId: `a-${n % 300}` };
    const attempt = packSlimEvent({ scope: 'network', key: ip, type: 'attempt', data, ...common });
    const minute = Math.floor(at / minutes(1)) * minutes(1);
    const isBad = n > 4_000 && n < 4_400;
    const counts = [isBad ? 0 : 5, 0, isBad ? 5 : 0] as const;
    const sum = { at: minute, eventId: '', accountId: '' };
    const outcomes = packSlimEvent({ scope: 'route', key: 'paywave/card', type: 'outcomes', data: counts, ...sum });
    const of = { kind: 'slim', topic: 'scope-events', group: 'scopes-0' } as const;
    return [
      { ...of, cells: attempt },
      { ...of, cells: outcomes, sumFrom: SUM_FROM },
    ];
  }).flat();
}
const all = emissions();
const rows: readonly SlimRow[] = all.map(({ cells }) => cells);
/** The newest come first: no row may be folded before all are there. */
const backwards = [...all].reverse();

function plain(from: readonly SlimEmission[]): readonly Said[] {
  const said: Said[] = [];
  const replay = new ScopeReplay(() => scopeStageOf(config), { said: (one) => void said.push(one), score: () => undefined });
  for (const one of from) replay.hear(one);
  replay.finish(until);
  return said;
}

async function inThread(from: readonly SlimEmission[]): Promise<readonly Said[]> {
  const said: Said[] = [];
  const outputs = { said: (one: Said) => void said.push(one), score: () => undefined };
  const thread = new ScopeThread({ config, tellsScores: false }, outputs);
  for (const one of from) {
    thread.hear(one);
    await thread.whenRoom();
  }
  await thread.finish(until);
  return said;
}

describe('the scopes of a replay', () => {
  const expected = plain(all);

  it('say something of these rows', () => {
    const kinds = expected
      .map(({ emission }) => messageOf(emission))
      .map((told) => told?.type === 'finding' && told.finding.kind);
    expect(new Set(kinds)).toEqual(new Set(['card-testing', 'payment-outage']));
  });

  it('say the same whatever the order in which they hear it, and of what they hear twice', () => {
    expect(plain(backwards)).toEqual(expected);
    const attempts = all.filter(({ sumFrom }) => sumFrom === undefined);
    expect(plain([...all, ...attempts])).toEqual(expected);
  });

  it.each([
    ['as things happened', all],
    ['backwards', backwards],
  ])('say the same from a thread of their own: rows %s', async (_order, from) => {
    expect(await inThread(from)).toEqual(expected);
  });

  it('are folded early only as long as no row comes too late', () => {
    const early = new EarlyFold(scopeStageOf(config), 100);
    expect(early.take(rows.slice(0, 4_000), JSON.stringify(rows.slice(0, 4_000)))).toBe(true);
    expect(early.take(rows.slice(4_000, 4_010), JSON.stringify(rows.slice(4_000, 4_010)))).toBe(true);
    expect(early.take(rows.slice(0, 1), JSON.stringify(rows.slice(0, 1)))).toBe(false);
    expect([...early.taken()]).toEqual([...rows.slice(0, 4_010), rows[0]]);
  });
});

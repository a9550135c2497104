import { createDecoder } from '#event/decode';
import { days, minutes, seconds } from '#kernel/time';
import { castRoles, losses, lookAlikes } from '#simulator/cast';
import { plantedKinds } from '#simulator/ground-truth';
import { HISTORY_MIN, simulateHistory, simulateLive } from '#simulator/platform';

const until = Date.UTC(2026, 10, 20, 12);
const options = { seed: 7, buyers: 400, lossesEach: 2, lookAlikesEach: 2 };
const history = (seed: number) => simulateHistory({ ...options, seed, from: until - days(55), until });
const live = simulateLive({ ...options, from: until, forMs: seconds(30), purchasesPerSecond: 5 });

describe('simulated platform', () => {
  it('the same seed tells the same events and plants the same losses', () => {
    expect(history(7)).toEqual(history(7));
    expect(history(8).events).not.toEqual(history(7).events);
  });

  it.each([
    ['history', history(7)],
    ['live', live],
  ])('every event of the %s is one that the decoder takes', (_name, traffic) => {
    const decode = createDecoder();
    const refused = traffic.events
      .map(({ event }) => decode(Buffer.from(JSON.stringify(event))))
      .filter((decoded) => decoded === 'ignored' || !decoded.ok);
    expect(refused).toEqual([]);
    expect(traffic.events.length).toBeGreaterThan(1_000);
  });

  it('every kind is planted, in the history and live where a minute is enough', () => {
    expect(new Set(history(7).planted.map(({ kind }) => kind))).toEqual(new Set(plantedKinds));
    expect(history(7).planted).toHaveLength(losses.length * options.lossesEach);
    expect(live.planted).toHaveLength(losses.filter((loss) => loss.live).length * options.lossesEach);
    expect(new Set(live.planted.filter(({ dueAt }) => dueAt < Infinity).map(({ kind }) => kind)).size).toBeGreaterThan(5);
    expect(history(7).planted.every(({ dueAt }) => dueAt < until)).toBe(true);
    expect(history(7).lookAlikes.size).toBe(lookAlikes.length * options.lookAlikesEach);
  });

  it('every planted loss falls due before the end and is about events that were told', () => {
    for (const [traffic, end] of [
      [history(7), until],
      [live, until + seconds(30)],
    ] as const) {
      const told = new Set(traffic.events.map(({ event }) => event.data['paymentId']));
      for (const planted of traffic.planted) {
        if (planted.dueAt === Infinity) continue;
        expect(planted.dueAt).toBeLessThanOrEqual(end);
        for (const paymentId of planted.paymentIds) expect(told).toContain(paymentId);
        if (planted.loss !== null) expect(planted.loss.minor).toBeGreaterThan(0);
      }
    }
  });

  it('events arrive in order, less than a minute late, and an id names one content', () => {
    const contents = new Map<string, string>();
    let before = 0;
    for (const { at, arrivesAt, event } of history(7).events) {
      expect(arrivesAt).toBeGreaterThanOrEqual(before);
      expect(arrivesAt - at).toBeLessThan(minutes(1));
      before = arrivesAt;
      const content = JSON.stringify(event);
      expect(contents.get(event.id) ?? content).toBe(content);
      contents.set(event.id, content);
    }
    expect(contents.size).toBeLessThan(history(7).events.length);
  });

  it('a buyer has one story at most', () => {
    const cast = castRoles(options);
    const all = [...cast.past.keys(), ...cast.present.keys(), ...cast.ordinary];
    expect(new Set(all).size).toBe(options.buyers);
    expect(all).toHaveLength(options.buyers);
  });

  it('too few buyers or too few days are refused with the reason', () => {
    expect(() => castRoles({ ...options, buyers: 10 })).toThrow(/more than 10 buyers/);
    expect(() => simulateHistory({ ...options, from: until - HISTORY_MIN + 1, until })).toThrow(/45 days/);
  });
});

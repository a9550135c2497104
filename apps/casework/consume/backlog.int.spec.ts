import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingMessage } from '#detection/finding';
import { duplicate, noon, paymentFacts, told } from '#test/casework/finding-messages';
import { type RunningCasework, startCasework, until } from '#test/casework/running-casework';

/** Long enough for a few looks at what waits. */
const aWhileMs = 1_000;

describe('findings that come from the middle of a backlog', () => {
  let casework: RunningCasework;
  let count = 0;
  beforeAll(async () => {
    casework = await startCasework({ clock: () => noon + 60_000 });
  });
  afterAll(() => casework.stop());

  const about = (buyer: string): FindingMessage => {
    const ids = [`${buyer}-p1`, `${buyer}-p2`];
    const finding = duplicate({ findingId: `f-${buyer}`, accountId: buyer, orderId: `o-${buyer}`, paymentIds: ids });
    return told(
      finding,
      ids.map((id) => paymentFacts(id, { accountId: buyer, orderId: `o-${buyer}` })),
    );
  };
  /** As the detector tells it from a partition of events, with more of them waiting or none. */
  const tell = (key: string, message: FindingMessage | { type: 'caught-up' }, partition: number, isAtEnd: boolean) => {
    const { type, ...data } = message;
    const head = { specversion: '1.0', source: 'makewhole/test', time: '2026-03-02T12:00:00.000Z' };
    const from = { sourcepartition: `payment-events/${partition}`, sourceend: isAtEnd };
    const value = JSON.stringify({ ...from, ...head, type: `makewhole.${type}`, id: `backlog-${(count += 1)}`, data });
    return casework.append('findings', [{ key, value }]);
  };
  const cleared = (message: FindingMessage): FindingMessage =>
    message.type === 'finding' ? { ...message, finding: { ...message.finding, status: 'cleared' } } : message;
  const actionOf = async (buyer: string): Promise<unknown> => {
    const { rows } = await casework.pool.query('SELECT state, guard FROM casework.action WHERE account_id = $1', [buyer]);
    return rows;
  };
  const ordersFor = async (buyer: string): Promise<number> =>
    (await casework.sent('actions')).filter(({ data }) => data['accountId'] === buyer).length;

  it('are proposed, and ordered within a second of the end of the backlog', async () => {
    await tell('late', about('late'), 0, false);
    await sleep(aWhileMs);
    expect(await actionOf('late')).toEqual([{ state: 'proposed', guard: 'stale-facts' }]);
    expect(await ordersFor('late')).toBe(0);
    await tell('late', { type: 'caught-up' }, 0, true);
    await until(async () => (await ordersFor('late')) === 1);
    expect(await actionOf('late')).toEqual([{ state: 'approved', guard: null }]);
  });

  it('are never ordered when the rest of the backlog healed them', async () => {
    await tell('healed', about('healed'), 1, false);
    await tell('healed', cleared(about('healed')), 1, false);
    await tell('healed', { type: 'caught-up' }, 1, true);
    await sleep(aWhileMs);
    expect(await actionOf('healed')).toEqual([{ state: 'refused', guard: 'loss-healed' }]);
    expect(await ordersFor('healed')).toBe(0);
  });

  it('wait for their own partition of events, not for another', async () => {
    await tell('other', about('other'), 2, false);
    await tell('other', { type: 'caught-up' }, 3, true);
    await sleep(aWhileMs);
    expect(await ordersFor('other')).toBe(0);
    await tell('other', { type: 'caught-up' }, 2, true);
    await until(async () => (await ordersFor('other')) === 1);
  });

  it('are ordered at once where nothing waited behind them', async () => {
    await tell('live', about('live'), 0, true);
    expect(await actionOf('live')).toEqual([{ state: 'approved', guard: null }]);
    expect(await ordersFor('live')).toBe(1);
  });

  it('do not hide what casework itself has not read yet: the last word on a buyer decides', async () => {
    const from = { sourcepartition: 'payment-events/0', sourceend: true, specversion: '1.0', source: 'makewhole/test' };
    const value = (message: FindingMessage, id: string): string => {
      const { type, ...data } = message;
      return JSON.stringify({ ...from, type: `makewhole.${type}`, id, time: '2026-03-02T12:00:00.000Z', data });
    };
    await casework.append('findings', [
      { key: 'both', value: value(about('both'), 'both-1') },
      { key: 'both', value: value(cleared(about('both')), 'both-2') },
    ]);
    await sleep(aWhileMs);
    expect(await ordersFor('both')).toBe(0);
  });

  it('an approval given during a backlog is kept, and carried out at its end', async () => {
    const message = about('asked');
    if (message.type !== 'finding') throw new Error('not a finding');
    await tell('asked', { ...message, finding: { ...message.finding, confidence: 'likely' } }, 0, false);
    const { body } = await casework.get('vera', '/v1/actions?accountId=asked').expect(200);
    const answer = await casework.post('anna', `/v1/actions/${body.actions[0].actionId}/approve`).expect(200);
    expect(answer.body).toMatchObject({ state: 'awaiting_approval', guard: 'stale-facts', approvedBy: ['anna'] });
    await sleep(aWhileMs);
    expect(await ordersFor('asked')).toBe(0);
    await tell('asked', { type: 'caught-up' }, 0, true);
    await until(async () => (await ordersFor('asked')) === 1);
  });
});

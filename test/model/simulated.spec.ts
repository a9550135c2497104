import { days } from '#kernel/time';
import { simulateHistory } from '#simulator/platform';

import { modelClaims, modelKinds } from './model';
import { readEvents } from './read';

describe('the plain model over simulated traffic', () => {
  const until = Date.parse('2026-06-30T00:00:00Z');
  const traffic = simulateHistory({ seed: 7, buyers: 520, lossesEach: 4, lookAlikesEach: 4, from: until - days(60), until });
  const records = traffic.events.map(({ event }) => ({ value: JSON.stringify(event), appendedAt: until }));
  const claims = modelClaims(readEvents(records).events, until);
  const describeMoney = (kind: string, accountId: string, loss: unknown): string => JSON.stringify([kind, accountId, loss]);

  it('finds every planted loss of its kinds, to the minor unit', () => {
    const found = new Set(claims.map((claim) => describeMoney(claim.kind, claim.accountId, claim.loss)));
    const missing = traffic.planted
      .filter(({ kind }) => modelKinds.has(kind))
      .filter(({ kind, accountId, loss }) => !found.has(describeMoney(kind, accountId, loss)));
    expect(missing).toEqual([]);
    expect(found.size).toBeGreaterThan(40);
  });

  it('claims nothing certain that was not planted', () => {
    const planted = new Set(traffic.planted.map(({ kind, accountId }) => `${kind} ${accountId}`));
    const alarms = claims
      .filter((claim) => claim.confidence === 'certain' && claim.status === 'open')
      .filter(({ kind, accountId }) => !planted.has(`${kind} ${accountId}`))
      .map((claim) => ({ ...claim, story: traffic.lookAlikes.get(claim.accountId) }));
    expect(alarms).toEqual([]);
  });
});

import { PlainPartition } from '#apps/makewhole/verify/plain-partition';
import { accountStage } from '#detection/account-stage';
import type { FindingKind } from '#detection/finding';
import { days } from '#kernel/time';
import { simulateHistory } from '#simulator/platform';

import { claimKey } from './claim';
import { modelClaims, modelKinds } from './model';
import { readEvents } from './read';

describe('the detectors and the plain model', () => {
  const until = Date.parse('2026-06-30T00:00:00Z');

  it.each([1, 2, 3])('agree on every certain finding that is open, seed %i', (seed) => {
    const traffic = simulateHistory({ seed, buyers: 400, lossesEach: 3, lookAlikesEach: 3, from: until - days(60), until });
    const records = traffic.events.map(({ event }, offset) => ({
      topic: 'payment-events',
      partition: 0,
      offset,
      key: event.data.accountId ?? null,
      value: Buffer.from(JSON.stringify(event)),
      headers: undefined,
      appendedAt: until,
    }));
    const run = new PlainPartition(accountStage(), 300_000).run(records, 'events', until);
    const found = [...run.findings.values()]
      .filter(({ kind, status, text }) => modelKinds.has(kind) && status === 'open' && text.includes('"certain"'))
      .map((finding) => claimKey({ ...finding, kind: finding.kind as FindingKind, accountId: finding.accountId ?? '' }));
    const expected = modelClaims(readEvents(records).events, until)
      .filter(({ confidence, status }) => confidence === 'certain' && status === 'open')
      .map(claimKey);
    expect(found.sort()).toEqual(expected.sort());
    expect(found.length).toBeGreaterThan(20);
  });
});

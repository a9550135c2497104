import { accountStage } from '#detection/account-stage';
import type { AnyEvent } from '#event/event';
import type { Finding } from '#detection/finding';
import { days, minutes } from '#kernel/time';
import { simulateHistory } from '#simulator/platform';
import { comparePlanted } from '#apps/makewhole/demo/compare';
import { AccountReplay, type ReplayOutputs, type Said } from '#apps/makewhole/replay/account-replay';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { orderSaid } from '#apps/makewhole/replay/order-said';

const until = Date.UTC(2026, 10, 20, 12);

function findingsOf(seed: number) {
  const traffic = simulateHistory({ seed, buyers: 400, lossesEach: 3, lookAlikesEach: 3, from: until - days(55), until });
  const said: Said[] = [];
  const outputs: ReplayOutputs<AnyEvent> = {
    said: (one) => void said.push(one),
    deadLetter: (record, letter) => {
      throw new Error(`line ${record.offset}: ${letter.reason} ${letter.pointer}`);
    },
    quarantine: () => {
      throw new Error('no event lies in the future');
    },
    timeOf,
  };
  const replay = new AccountReplay(accountStage(), outputs, { statesMax: 1_000, futureMs: minutes(5) });
  traffic.events.forEach(({ event }, offset) => {
    replay.record({ offset, key: null, value: Buffer.from(JSON.stringify(event)), headers: undefined, appendedAt: until });
  });
  replay.finish(until);
  const open = new Map<string, Finding>();
  for (const { emission } of orderSaid(said)) {
    const message = messageOf(emission);
    if (message?.type === 'finding' && message.finding.status === 'open') open.set(message.finding.findingId, message.finding);
  }
  return { traffic, findings: [...open.values()] };
}

describe('a simulated platform, replayed', () => {
  it.each([1, 2])(
    'every planted loss is found with its amount, and nothing else is called certain or likely (seed %i)',
    (seed) => {
      const { traffic, findings } = findingsOf(seed);
      const { kinds, missed, falseAlarms, lossDiffers } = comparePlanted(traffic.planted, findings, until);
      const storyOf = ({ accountId }: { accountId: string | null }) => traffic.lookAlikes.get(accountId ?? '') ?? 'ordinary';
      expect(missed.map(({ kind, story }) => `${kind}: ${story}`)).toEqual([]);
      expect(falseAlarms.map((finding) => `${finding.kind}: ${storyOf(finding)}`)).toEqual([]);
      expect(lossDiffers.map(({ planted, finding }) => `${planted.story}: ${JSON.stringify(finding.loss)}`)).toEqual([]);
      for (const { planted, found } of kinds) expect(found).toBe(planted);
    },
  );
});

import { setTimeout as sleep } from 'node:timers/promises';
import { seconds } from '#kernel/time';
import { type LoadRecord, paymentLoad } from '#simulator/payment-load';
import type { Log } from '#stream/log';
import type { BenchOptions } from './arguments';
import { ProgressProbe } from './drain-watch';
import type { Ground } from './ground';
import { type Installation, install } from './installation';
import { Feed, LiveLoad } from './live-load';
import { appendAll } from './produce';
import { ToldJournal } from './told-journal';

export const topic = 'payment-events';
/** Of orders: how many are paid twice, so that there are enough findings for a p99.9. */
const DUPLICATE_SHARE = 0.04;

/** A whole installation that has folded a past, and traffic that goes on from there at a fixed rate. */
export interface LiveScene {
  readonly log: Log;
  readonly services: Installation;
  readonly feed: Feed;
  readonly load: LiveLoad;
  readonly probe: ProgressProbe;
  readonly journal: ToldJournal;
  /** Next offset of each partition before the live traffic. */
  readonly from: readonly number[];
  /** Event id of each second payment that went out live → its payment. */
  readonly planted: Map<string, string>;
  close(): Promise<void>;
}

export async function openLiveScene(ground: Ground, options: BenchOptions): Promise<LiveScene> {
  await ground.freshTopics();
  const log = await ground.openLog();
  const writer = await log.writer();
  const feed = new Feed(writer, topic);
  const services = await install(ground, (events) => feed.append(events.map(recordOf)), options.profile);
  const close = async (): Promise<void> => {
    await services.stop();
    await log.close();
  };
  try {
    for (const name of ['casework', 'actuator'] as const) services.service(name).start();
    for (const name of ['casework', 'actuator'] as const) await services.service(name).untilReady();
    const { load, startAt, past } = pastAndPresent(options);
    feed.count(await appendAll(writer, topic, past));
    services.service('detector').start();
    const probe = await ProgressProbe.open(services.databaseUrl);
    await probe.untilCommitted(feed.total);
    const journal = await ToldJournal.install(services.databaseUrl);
    const admin = await log.admin();
    const from = (await admin.offsets(topic)).map(({ end }) => end);
    await admin.close();
    const planted = new Map<string, string>();
    const paidTwice = new Set<string>();
    const live = new LiveLoad(feed, load, (record) => note(record, planted, paidTwice));
    await sleep(Math.max(0, startAt - Date.now()));
    live.start(Math.max(0, Date.now() - startAt));
    const closeAll = async (): Promise<void> => {
      await Promise.all([probe.close(), journal.close()]);
      await close();
    };
    return { log, services, feed, load: live, probe, journal, from, planted, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A backlog of two events an account, without findings; the same orders then go on at the rate, event time being the wall clock. */
function pastAndPresent({ accounts, rate }: BenchOptions) {
  const count = accounts * 2;
  const stepMs = 1_000 / rate;
  // Time to append and to fold the past.
  const startAt = Date.now() + seconds(10) + count / 20;
  const load = paymentLoad({ seed: 4, accounts, from: startAt - count * stepMs, stepMs, duplicateShare: DUPLICATE_SHARE });
  return { load, startAt, past: withoutSecondPayments(load, count) };
}

/** The generator can be read on afterwards. */
function* withoutSecondPayments(load: Iterator<LoadRecord>, count: number): Generator<LoadRecord> {
  for (let taken = 0; taken < count; taken++) {
    const { value } = load.next() as IteratorYieldResult<LoadRecord>;
    if (!value.duplicate) yield value;
  }
}

/** The same second payment told once more is nothing new. */
function note({ value, duplicate }: LoadRecord, planted: Map<string, string>, paidTwice: Set<string>): void {
  if (!duplicate) return;
  const { id, data } = JSON.parse(value) as { id: string; data: { paymentId: string } };
  if (!paidTwice.has(data.paymentId)) planted.set(id, data.paymentId);
  paidTwice.add(data.paymentId);
}

const recordOf = (event: { readonly data: object }) => ({
  key: (event.data as { accountId: string }).accountId,
  value: JSON.stringify(event),
});

import { setTimeout as sleep } from 'node:timers/promises';
import { days, type DurationMs, type InstantMs, seconds } from '#kernel/time';
import type { PlatformOptions } from '#simulator/cast';
import type { Planted } from '#simulator/ground-truth';
import { simulateHistory, simulateLive, type Traffic } from '#simulator/platform';
import type { CloudEvent } from '#simulator/teller';
import { Backlog } from '#apps/makewhole/demo/backlog';
import { comparePlanted } from '#apps/makewhole/demo/compare';
import { type Latencies, quantileBetween, readLatencies } from '#apps/makewhole/demo/latency';
import { Observer } from '#apps/makewhole/demo/observer';
import { reconcile } from '#apps/makewhole/demo/reconcile';
import type { DemoResult } from '#apps/makewhole/demo/report';
import { Sender } from '#apps/makewhole/demo/sender';
import { DEMO_LATENESS_MS, type StageSet } from '#apps/makewhole/demo/stage-set';
import { failed } from '#apps/makewhole/failure';
import { type ServiceName, serviceNames } from '#apps/makewhole/service-names';
import type { RunningServices } from '#apps/makewhole/services';
import type { Terminal } from '#apps/makewhole/terminal';

const HISTORY_MS = days(55);
/** Kept at the end for what is under way, and how long it may take at most. */
const SETTLE_MS = seconds(9);
const SETTLE_MS_MAX = seconds(30);
/** Ten thousand events a second are usual; a machine may be slow, but not this slow. */
const WORK_OFF_MS_MAX = seconds(120);
const LIVE_MS_MIN = seconds(5);
/** A round of live traffic when there is no end. */
const ROUND_MS = seconds(60);
const QUIET_MS = 1_500;
const PURCHASES_PER_SECOND = 40;

export type OpenServices = (names: readonly ServiceName[]) => Promise<RunningServices>;

export interface PlayParts {
  readonly seed: number;
  /** Infinity: until the signal. */
  readonly endAt: InstantMs;
  readonly signal: AbortSignal;
  readonly set: StageSet;
  readonly terminal: Terminal;
  readonly open: OpenServices;
}

/** The demo's three acts: two months of past arrive, the services work them off, life goes on. */
export class Play {
  private readonly observer: Observer;
  private readonly backlog: Backlog;
  private readonly platform: PlatformOptions;
  private readonly planted: Planted[] = [];
  private lookAlikes = 0;
  private services: RunningServices | undefined;
  private sender: Sender | undefined;

  constructor(private readonly parts: PlayParts) {
    this.observer = new Observer(parts.set.log);
    this.backlog = new Backlog(parts.set.database.url, parts.set.log);
    this.platform = platformFor(parts.seed, parts.endAt - Date.now());
  }

  /** What the platform tells because of an action. */
  async hear(events: readonly CloudEvent[]): Promise<void> {
    if (this.sender === undefined) throw new Error('the gateway is not there yet');
    await this.sender.post(events);
  }

  async perform(): Promise<DemoResult> {
    const past = simulateHistory({ ...this.platform, from: Date.now() - HISTORY_MS, until: Date.now() });
    await this.tellPast(past);
    const history = { events: past.events.length, tookMs: await this.workOff() };
    this.tellWhereToLook();
    const before = await this.latencies();
    await this.live();
    await this.settle();
    const { set } = this.parts;
    const after = await this.latencies();
    return {
      comparison: comparePlanted(this.planted, this.observer.findings(), Date.now() - DEMO_LATENESS_MS - QUIET_MS),
      reconciliation: reconcile(this.observer.results(), set.provider.record.all()),
      actionsUnderWay: this.observer.underWay,
      events: this.sender?.sent ?? 0,
      history,
      latency: { p50: quantileBetween(before, after, 0.5), p99: quantileBetween(before, after, 0.99) },
      lookAlikes: this.lookAlikes,
      notices: [...set.endpoint.notices.values()].reduce((sum, count) => sum + count, 0),
    };
  }

  async close(): Promise<void> {
    await this.observer.stop();
    await this.backlog.close();
    await this.services?.close();
  }

  /** Over HTTP, with nothing but the gateway running: what arrives while the detector is away waits in the log. */
  private async tellPast(past: Traffic): Promise<void> {
    const { terminal, set, open, signal } = this.parts;
    const gateway = await open(['gateway']);
    this.sender = new Sender(gateway.url, set.apiKey, () => signal.aborted);
    const progress = terminal.progress('two months of a platform', past.events.length, 'events');
    await this.sender.sendAll(past.events, () => progress.update(this.sender?.sent ?? 0, `${this.sender?.sent} events`));
    progress.stop();
    this.keep(past);
    await gateway.close();
  }

  private async workOff(): Promise<DurationMs> {
    const { terminal, open } = this.parts;
    this.services = await open(serviceNames);
    await this.observer.start();
    const startedAt = performance.now();
    const events = this.sender?.sent ?? 0;
    const progress = terminal.progress('working them off', events, 'events');
    const isDone = await this.until(async () => {
      const { committed, appended } = await this.backlog.read();
      progress.update(committed, `${committed} events, ${this.observer.findings().length} findings`);
      return committed >= appended || this.parts.signal.aborted;
    }, Date.now() + WORK_OFF_MS_MAX);
    progress.stop();
    if (!isDone) throw failed(`the detector has not worked off ${events} events within ${WORK_OFF_MS_MAX / 1_000} s`);
    return performance.now() - startedAt;
  }

  private async live(): Promise<void> {
    const { terminal, endAt, signal } = this.parts;
    for (let round = 1; !signal.aborted && (round === 1 || Date.now() + SETTLE_MS < endAt); round += 1) {
      const from = Date.now();
      const forMs = Math.max(LIVE_MS_MIN, Math.min(endAt === Infinity ? ROUND_MS : endAt - from - SETTLE_MS, ROUND_MS));
      const present = simulateLive({ ...this.platform, from, forMs, purchasesPerSecond: PURCHASES_PER_SECOND, round });
      this.keep(present);
      const progress = terminal.progress('live', Math.round(forMs), 'ms');
      await this.sender?.sendLive(present.events, () => progress.update(Date.now() - from, this.state()));
      progress.stop();
    }
  }

  /** Until everything that was told is applied, every action has its outcome, and nothing new is heard. */
  private async settle(): Promise<void> {
    this.parts.terminal.note('waiting for what is under way');
    const until = Date.now() + SETTLE_MS_MAX;
    const lastDueAt = Math.max(...this.planted.map(({ dueAt }) => dueAt), 0);
    await this.until(async () => {
      const quiet = performance.now() - this.observer.heardAt > QUIET_MS && this.observer.underWay === 0;
      const isDue = this.parts.signal.aborted || Date.now() > lastDueAt + DEMO_LATENESS_MS + QUIET_MS;
      if (!isDue || !quiet) return false;
      const { committed, appended } = await this.backlog.read();
      return committed >= appended;
    }, until);
  }

  /** Whether it came true before the limit. */
  private async until(holds: () => Promise<boolean>, limitAt: InstantMs): Promise<boolean> {
    while (Date.now() < limitAt) {
      if (await holds()) return true;
      await sleep(100);
    }
    return false;
  }

  private async latencies(): Promise<Latencies> {
    return this.services === undefined ? new Map() : readLatencies(this.services.metrics);
  }

  private keep({ planted, lookAlikes }: Traffic): void {
    this.planted.push(...planted);
    this.lookAlikes += lookAlikes.size;
  }

  private state(): string {
    const confirmed = this.observer.results().filter(({ state }) => state === 'confirmed').length;
    return `${this.sender?.sent} events, ${this.observer.findings().length} findings, ${confirmed} actions confirmed`;
  }

  private tellWhereToLook(): void {
    const { terminal, set } = this.parts;
    const url = this.services?.url ?? '';
    terminal.note(`${terminal.strong('look at it:')} curl -H 'Authorization: Bearer ${set.apiKey}' ${url}/v1/cases`);
    terminal.note(`            ${url}/metrics   ${url}/openapi.json`);
  }
}

/** Some thousand buyers; fewer when there is hardly time to tell of them. */
function platformFor(seed: number, forMs: DurationMs): PlatformOptions {
  return forMs < seconds(40)
    ? { seed, buyers: 600, lossesEach: 1, lookAlikesEach: 1 }
    : { seed, buyers: 3_000, lossesEach: 3, lookAlikesEach: 4 };
}

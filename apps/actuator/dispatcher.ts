import { setTimeout as sleep } from 'node:timers/promises';
import type { DurationMs } from '#kernel/time';
import { claimDue, type ClaimedAction, laneOf, renewClaims } from '#apps/actuator/action-rows';
import { carryOut, type CarryOutParts } from '#apps/actuator/carry-out';
import { queryOf } from '#apps/actuator/query';

export interface DispatcherOptions extends Omit<CarryOutParts, 'isHeld'> {
  /** Unique to this process. */
  readonly owner: string;
  /** Calls at once for each lane; when several begin together a lane may hold up to twice as many. */
  readonly inFlightMax: number;
  readonly leaseMs: DurationMs;
  readonly pollMs: DurationMs;
  /** Whether what is known of payments is fresh enough to move money by. */
  readonly mayMoveMoney: () => boolean;
  readonly onError: (error: unknown) => void;
}

/**
 * Carries out the due actions of one connector, a bounded number at once for each lane, so that a provider that never answers fills
 * only its own places. Claims are short and renewed while a call is under way: a process that was stopped loses them, and
 * notices before it calls.
 */
export class Dispatcher {
  /** By action id, the instant of the monotonic clock up to which the claim is surely ours. */
  private readonly held = new Map<string, number>();
  private readonly tasks = new Set<Promise<void>>();
  private readonly inFlight = new Map<string, number>();
  private running = false;
  private loops: Promise<unknown> = Promise.resolve();
  private wake: (() => void) | undefined;
  private kicked = false;
  private lastRoundAt = performance.now();

  constructor(private readonly options: DispatcherOptions) {}

  start(): void {
    this.running = true;
    this.loops = Promise.all([this.dispatch(), this.renew()]);
  }

  /** Something may be due: do not wait for the next poll. */
  kick(): void {
    this.kicked = true;
    this.wake?.();
  }

  /** Lets what is under way end; a call without an answer ends by its time limit. */
  async stop(): Promise<void> {
    this.running = false;
    this.kick();
    await Promise.all([...this.tasks]);
    await this.loops;
  }

  /** Since the store last answered a search for due actions. */
  progressAgeMs(): DurationMs {
    return performance.now() - this.lastRoundAt;
  }

  private async dispatch(): Promise<void> {
    while (this.running) {
      this.kicked = false;
      const claimed = await this.claim();
      for (const action of claimed) this.begin(action);
      if (claimed.length === 0) await this.idle();
    }
  }

  private async claim(): Promise<readonly ClaimedAction[]> {
    const { pool, connector, owner, leaseMs, now, inFlightMax, mayMoveMoney } = this.options;
    const fullLanes = [...this.inFlight].filter(([, count]) => count >= inFlightMax).map(([lane]) => lane);
    const askedAt = performance.now();
    try {
      const claimed = await claimDue(queryOf(pool), {
        connector: connector.name,
        owner,
        limit: inFlightMax,
        fullLanes,
        leaseMs,
        mayMoveMoney: mayMoveMoney(),
        now: now(),
      });
      for (const action of claimed) this.held.set(action.order.actionId, askedAt + leaseMs);
      this.lastRoundAt = performance.now();
      return claimed;
    } catch (error) {
      this.options.onError(error);
      return [];
    }
  }

  private begin(action: ClaimedAction): void {
    const { actionId } = action.order;
    const lane = laneOf(action.order);
    this.inFlight.set(lane, (this.inFlight.get(lane) ?? 0) + 1);
    const task = carryOut(
      { ...this.options, isHeld: () => performance.now() < (this.held.get(actionId) ?? 0) - this.options.leaseMs / 4 },
      action,
    )
      .catch(this.options.onError)
      .finally(() => {
        this.tasks.delete(task);
        this.leave(lane);
        this.held.delete(actionId);
        this.kick();
      });
    this.tasks.add(task);
  }

  private leave(lane: string): void {
    const left = (this.inFlight.get(lane) ?? 1) - 1;
    if (left === 0) this.inFlight.delete(lane);
    else this.inFlight.set(lane, left);
  }

  private async renew(): Promise<void> {
    const { pool, owner, leaseMs } = this.options;
    while (this.running || this.tasks.size > 0) {
      await Promise.race([sleep(leaseMs / 4), ...(this.running ? [] : [Promise.all([...this.tasks])])]);
      if (this.held.size === 0) continue;
      const askedAt = performance.now();
      try {
        for (const actionId of await renewClaims(queryOf(pool), owner, [...this.held.keys()], leaseMs))
          if (this.held.has(actionId)) this.held.set(actionId, askedAt + leaseMs);
      } catch (error) {
        this.options.onError(error);
      }
    }
  }

  private async idle(): Promise<void> {
    if (!this.running || this.kicked) return;
    const timer = new AbortController();
    const woken = new Promise<void>((resolve) => (this.wake = resolve));
    await Promise.race([woken, sleep(this.options.pollMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
    timer.abort();
    this.wake = undefined;
  }
}

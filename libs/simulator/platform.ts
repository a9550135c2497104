import { days, type DurationMs, hours, type InstantMs, NEVER, seconds } from '#kernel/time';
import { makeBuyer } from '#simulator/buyer';
import { castRoles, type PlatformOptions, type Role } from '#simulator/cast';
import type { Planted } from '#simulator/ground-truth';
import { buy } from '#simulator/purchase';
import { Random } from '#simulator/random';
import type { Scene } from '#simulator/story';
import { inOrderOfArrival, type SimulatedEvent, Teller } from '#simulator/teller';

/** What happened on the platform, in order of arrival, and which of it was a loss. */
export interface Traffic {
  readonly events: readonly SimulatedEvent[];
  readonly planted: readonly Planted[];
  /** What looked like a loss and was none, by account. */
  readonly lookAlikes: ReadonlyMap<string, string>;
}

/** Purchases of a buyer before a story: enough that an unusual one stands out. */
const PURCHASES_BEFORE_STORY = 8;
/** Nothing else happens to a buyer within this time before a story. */
const QUIET = hours(30);
/** From log-in to delivery. */
const PURCHASE_MS = days(4);
/** From a buyer's first purchase until the slowest story fell due. */
export const HISTORY_MIN: DurationMs = days(45);

/** Weeks of a platform's traffic, every loss of which has fallen due before `until`. */
export function simulateHistory(options: PlatformOptions & { readonly from: InstantMs; readonly until: InstantMs }): Traffic {
  if (options.until - options.from < HISTORY_MIN) {
    throw new RangeError(`a history needs ${HISTORY_MIN / days(1)} days for its slowest loss to fall due`);
  }
  const cast = castRoles(options);
  const collected = new Collected(options.until);
  for (let index = 0; index < options.buyers; index += 1) {
    const role = cast.past.get(index);
    const part = role ?? cast.present.get(index);
    const enter = entrance(options.seed, index, { bankTells: isOnStatement(part) });
    const random = enter(0, 1).random;
    const occasional = part === undefined;
    const latest = options.until - PURCHASE_MS;
    let at = options.from + Math.floor(random.next() * (occasional ? latest - options.from : days(2)));
    for (let left = occasional ? random.between(1, 4) : PURCHASES_BEFORE_STORY; left > 0 && at < latest; left -= 1) {
      buy(enter(at, 1));
      at += hours(occasional ? random.between(40, 300) : random.between(32, 50));
    }
    if (role !== undefined) collected.tell(role, enter(at + QUIET, 1));
    collected.keep(enter(at, 1));
  }
  return collected.traffic();
}

export interface LiveOptions extends PlatformOptions {
  readonly from: InstantMs;
  readonly forMs: DurationMs;
  readonly purchasesPerSecond: number;
  /** 1 (default): buyers of the history with the same options. Later rounds have buyers of their own, who have no past. */
  readonly round?: number;
}

/** Traffic of the present, at a pace at which days pass within `forMs`. */
export function simulateLive(options: LiveOptions): Traffic {
  const { seed, from, forMs, round = 1 } = options;
  const pace = Math.min(1, forMs / days(6));
  const cast = castRoles(options);
  const random = new Random(`${seed}-live-${round}`);
  const collected = new Collected(from + forMs);
  const enter = (index: number, prefix: string, role?: Role) =>
    entrance(seed, index, { prefix, round: round > 1 ? `r${round}-` : '', bankTells: isOnStatement(role) });
  for (const [index, role] of cast.present) {
    if (round > 1 && 'loss' in role && role.loss.needsPast) continue;
    const scene = enter(index, 'live-', role)(from + Math.floor(random.next() * forMs * 0.4), pace);
    collected.tell(role, scene);
    collected.keep(scene);
  }
  for (let bought = 0; bought < (options.purchasesPerSecond * forMs) / seconds(1); bought += 1) {
    const scene = enter(random.pick(cast.ordinary), `live-${bought}-`)(from + Math.floor(random.next() * forMs), pace);
    buy(scene);
    collected.keep(scene);
  }
  return collected.traffic();
}

const isOnStatement = (role: Role | undefined): boolean =>
  role !== undefined && ('loss' in role ? role.loss : role.lookAlike).onStatement === true;

interface Entrance {
  readonly prefix?: string;
  readonly round?: string;
  readonly bankTells: boolean;
}

/** The scenes of one buyer share a teller and a source of chance. */
function entrance(seed: number, index: number, { prefix = '', round = '', bankTells }: Entrance) {
  const accountId = `buyer-${round}${String(index).padStart(6, '0')}`;
  const buyer = { ...makeBuyer(accountId, new Random(`${seed}-${index}`)), bankTells };
  const teller = new Teller(accountId, prefix);
  const random = new Random(`${seed}-${index}-${prefix}`);
  return (at: InstantMs, pace: number): Scene => ({ buyer, teller, random, at, pace });
}

class Collected {
  private readonly events: SimulatedEvent[] = [];
  private readonly planted: Planted[] = [];
  private readonly lookAlikes = new Map<string, string>();

  constructor(private readonly until: InstantMs) {}

  tell(role: Role, scene: Scene): void {
    if ('loss' in role) this.plant(role.loss.tell(scene));
    else {
      role.lookAlike.tell(scene);
      this.lookAlikes.set(scene.buyer.accountId, role.lookAlike.name);
    }
  }

  private plant(planted: Planted): void {
    this.planted.push(planted.dueAt < this.until ? planted : { ...planted, dueAt: NEVER });
  }

  /** What lies beyond the end has not happened yet. */
  keep(scene: Scene): void {
    for (const event of scene.teller.told) if (event.arrivesAt < this.until) this.events.push(event);
  }

  traffic(): Traffic {
    return { events: inOrderOfArrival(this.events), planted: this.planted, lookAlikes: this.lookAlikes };
  }
}

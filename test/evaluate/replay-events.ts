import { accountStage } from '#detection/account-stage';
import type { Finding } from '#detection/finding';
import type { AnyEvent } from '#event/event';
import { minutes, type InstantMs } from '#kernel/time';
import { AccountReplay, type ReplayOutputs, type Said } from '#apps/makewhole/replay/account-replay';
import { messageOf, timeOf } from '#apps/makewhole/replay/message';
import { orderSaid } from '#apps/makewhole/replay/order-said';

export interface SaidFinding {
  /** The event time at which it was said. */
  readonly at: InstantMs;
  readonly finding: Finding;
}

/** What `makewhole replay` would say of these events up to `until`, with default settings: every line of --findings, in order. */
export function replayEvents(events: readonly unknown[], until: InstantMs): SaidFinding[] {
  const said: Said[] = [];
  const refused = (line: number, reason: string): never => {
    throw new Error(`event ${line} of the evaluation was refused: ${reason}`);
  };
  const outputs: ReplayOutputs<AnyEvent> = {
    said: (one) => void said.push(one),
    deadLetter: ({ offset }, { reason, pointer }) => refused(offset, `${reason} ${pointer ?? ''}`),
    quarantine: ({ offset }) => refused(offset, 'in the future'),
    timeOf,
  };
  const replay = new AccountReplay(accountStage(), outputs, { statesMax: 200_000, futureMs: minutes(5) });
  for (const [offset, event] of events.entries()) {
    replay.record({ offset, key: null, value: Buffer.from(JSON.stringify(event)), headers: undefined, appendedAt: until });
  }
  replay.finish(until);
  return orderSaid(said).flatMap(({ at, emission }) => {
    const message = messageOf(emission);
    return message?.type === 'finding' ? [{ at, finding: message.finding }] : [];
  });
}

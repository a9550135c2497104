import { createDecoder } from '#event/decode';
import type { AnyEvent } from '#event/event';
import { fold } from '#ledger/fold';
import { newLedger, type Ledger, type Touched } from '#ledger/ledger';
import type { ToldEvent } from './told-events';

const decode = createDecoder();

export function eventOf(told: object): AnyEvent {
  const decoded = decode(Buffer.from(JSON.stringify(told)));
  if (decoded === 'ignored' || !decoded.ok) throw new Error(JSON.stringify(decoded));
  return decoded.value;
}

/** What the events tell of their account, folded as they come. */
export function ledgerAfter(...events: readonly ToldEvent[]): Ledger {
  const ledger = newLedger('buyer');
  const touched = {} as Touched;
  for (const event of events) fold(ledger, eventOf(event), touched);
  return ledger;
}

/** The same in every order of telling: what `of` sees must not differ. */
export function inEveryOrder<Seen>(events: readonly ToldEvent[], of: (ledger: Ledger) => Seen): Seen {
  const [first, ...others] = permutations(events).map((order) => of(ledgerAfter(...order)));
  for (const other of others) expect(other).toEqual(first);
  return first as Seen;
}

function permutations<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

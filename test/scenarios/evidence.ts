import type { Finding } from '#detection/finding';
import { play } from './play';
import { orders } from './orders';
import type { Scenario } from './scenario';
import { endOf } from './verdict';

/** What a finding shows and rests on; of an event not its id, which counts up over all stories, but its type and place in the story. */
export interface Evidence {
  readonly finding: Omit<Finding, 'findingId' | 'eventIds'> & { readonly findingId?: string };
  readonly events: readonly string[];
}

/** Kinds whose id comes from that of an event. */
const namedByEvent: ReadonlySet<string> = new Set(['account-takeover', 'impossible-travel']);

/** The evidence of a story's findings at its end, in the order in which they were first told. */
export function evidenceOf(story: Scenario): readonly Evidence[] {
  const names = new Map(
    story.events.flatMap((event, index) => ('id' in event ? [[String(event.id), `${index + 1} ${String(event.type)}`]] : [])),
  );
  const { lines } = play(orders(story.events)['as told'] ?? [], story.until);
  return endOf(lines).map(({ last: { findingId, eventIds, ...finding } }) => ({
    finding: namedByEvent.has(finding.kind) ? finding : { findingId, ...finding },
    events: eventIds.map((id) => names.get(id) ?? id),
  }));
}

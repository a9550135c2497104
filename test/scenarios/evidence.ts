import type { Finding } from '#detection/finding';
import { play } from './play';
import { orders } from './orders';
import type { Scenario } from './scenario';
import { endOf } from './verdict';

/** What a finding shows and rests on; of an event not its id, which counts up, but its type and place in the story. */
export interface Evidence {
  readonly finding: Omit<Finding, 'eventIds'>;
  readonly events: readonly string[];
}

/** The evidence of a story's findings at its end, in the order in which they were first told. */
export function evidenceOf(story: Scenario): readonly Evidence[] {
  const names = new Map(
    story.events.flatMap((event, index) => ('id' in event ? [[String(event.id), `${index + 1} ${String(event.type)}`]] : [])),
  );
  const { lines } = play(orders(story.events)['as told'] ?? [], story.until);
  return endOf(lines).map(({ last: { eventIds, ...finding } }) => ({
    finding,
    events: eventIds.map((id) => names.get(id) ?? id),
  }));
}

import type { Finding, FindingKind } from '#detection/finding';
import { play } from './play';
import type { ToldEvent } from './told-events';
import { endOf } from './verdict';

/** The findings of a story at its end, in the order of their first lines. */
export const says = (events: readonly ToldEvent[], until = '2026-09-01T00:00:00Z'): readonly Finding[] =>
  endOf(
    play(
      events.map((event) => JSON.stringify(event)),
      until,
    ).lines,
  ).map(({ last }) => last);

export const saysOf = (kind: FindingKind, events: readonly ToldEvent[], until?: string): readonly Finding[] =>
  says(events, until).filter((finding) => finding.kind === kind);

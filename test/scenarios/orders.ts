import { lineOf, type EventLine } from './scenario';

/** Orders of arrival in which a scenario must say the same at its end. */
export function orders(events: readonly EventLine[]): Readonly<Record<string, readonly string[]>> {
  const lines = events.map(lineOf);
  const keys = events.map(accountOf);
  const names = [...new Set(keys)];
  const of = (name: string): readonly string[] => lines.filter((_, index) => keys[index] === name);
  return {
    'as told': lines,
    'every event twice': lines.flatMap((line) => [line, line]),
    'everything twice': [...lines, ...lines],
    'one account after the other': names.flatMap(of),
    'the last account first': [...names].reverse().flatMap(of),
  };
}

function accountOf(event: EventLine): string {
  const data = (('$bad' in event ? event.$bad : event) as { data?: { accountId?: unknown } }).data;
  return String(data?.accountId ?? '');
}

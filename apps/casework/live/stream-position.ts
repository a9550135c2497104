/** The next offset of each partition, by partition: what a reader who comes back has not seen. */
export type StreamPosition = ReadonlyMap<number, number>;

/** As the id of an event: `0:12,1:7`. */
export const formatPosition = (position: StreamPosition): string =>
  [...position]
    .toSorted(([left], [right]) => left - right)
    .map(([partition, offset]) => `${partition}:${offset}`)
    .join(',');

/** Undefined for what is no id of ours. */
export function parsePosition(text: string): StreamPosition | undefined {
  const parts = text.split(',').map((part) => /^(\d{1,6}):(\d{1,15})$/.exec(part));
  return parts.every((part) => part !== null) ? new Map(parts.map((part) => [Number(part[1]), Number(part[2])])) : undefined;
}

/** Many values as one blob, with the places (from 1) and lengths of its parts as array literals. */
export interface PackedBytes {
  readonly bytes: Buffer;
  readonly starts: string;
  readonly lengths: string;
}

/** node-postgres escapes an array element by element: one blob and two arrays of numbers cost a fraction of it. Null has length -1. */
export function packBytes(values: readonly (Buffer | string | null)[]): PackedBytes {
  const parts = values.map((value) => (typeof value === 'string' ? Buffer.from(value) : value));
  const starts: number[] = [];
  let at = 1;
  for (const part of parts) {
    starts.push(at);
    at += part?.length ?? 0;
  }
  return {
    bytes: Buffer.concat(parts.filter((part) => part !== null)),
    starts: `{${starts.join(',')}}`,
    lengths: `{${parts.map((part) => part?.length ?? -1).join(',')}}`,
  };
}

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { DurationMs, InstantMs } from '#kernel/time';
import type { Called } from '#test/providers/emulator';

/** A request that changed something at a provider. */
export interface KeptRequest {
  readonly at: InstantMs;
  /** How far the provider's clock was ahead. */
  readonly skewMs: DurationMs;
  readonly call: Pick<Called, 'method' | 'path' | 'headers' | 'body'>;
}

export const appendRequest = (path: string, { at, skewMs, call: { method, path: to, headers, body } }: KeptRequest): void =>
  appendFileSync(path, `${JSON.stringify({ at, skewMs, call: { method, path: to, headers, body } })}\n`);

/** Oldest first; none where there is no such file yet. */
export function readRequests(path: string): readonly KeptRequest[] {
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as KeptRequest);
}

import type { DurationMs } from '#kernel/time';

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const written = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** Reads `250ms`, `5s`, `5m`, `24h`, `21d` or a plain number of milliseconds; null when it is neither. */
export function parseDuration(text: string): DurationMs | null {
  if (/^\d+$/.test(text)) return Number(text);
  const match = written.exec(text.trim());
  const unit = match?.[2] === undefined ? undefined : unitMs[match[2]];
  return match?.[1] === undefined || unit === undefined ? null : Number(match[1]) * unit;
}

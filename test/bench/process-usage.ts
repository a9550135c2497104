import { readFileSync } from 'node:fs';

/** What a living process has used, as Linux counts it; NaN elsewhere. */
export interface ProcessUsage {
  readonly rssMb: number;
  /** The most so far. */
  readonly peakMb: number;
  /** In all threads, user and system. */
  readonly cpuSeconds: number;
}

/** Linux counts in hundredths of a second wherever Node runs. */
const TICKS = 100;

export function usageOf(pid: number): ProcessUsage {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const mb = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return { rssMb: mb('VmRSS'), peakMb: mb('VmHWM'), cpuSeconds: (Number(user) + Number(system)) / TICKS };
  } catch {
    return { rssMb: Number.NaN, peakMb: Number.NaN, cpuSeconds: Number.NaN };
  }
}

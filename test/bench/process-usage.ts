import { readdirSync, readFileSync } from 'node:fs';

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

/** CPU of a process and its children, those that have ended included. */
export function familyCpuSeconds(pid: number): number {
  try {
    const parent = statOf(pid);
    let ticks = parent.user + parent.system + parent.endedChildren;
    for (const name of readdirSync('/proc')) {
      const child = /^\d+$/.test(name) ? tryStatOf(Number(name)) : undefined;
      if (child?.parent === pid) ticks += child.user + child.system;
    }
    return ticks / TICKS;
  } catch {
    return Number.NaN;
  }
}

function statOf(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { parent: fields[1]!, user: fields[11]!, system: fields[12]!, endedChildren: fields[13]! + fields[14]! };
}

function tryStatOf(pid: number): ReturnType<typeof statOf> | undefined {
  try {
    return statOf(pid);
  } catch {
    return undefined;
  }
}

import { createServer } from 'node:net';

/**
 * Below the range from which Linux takes the local ends of connections (32768 to 60999): a server that was killed finds its port free
 * when it starts again. A port from that range may have gone to a client meanwhile, even to one that tried to reach this very server.
 */
const range = { from: 15_000, to: 32_000 };
const triesMax = 1_000;

/** `count` different ports of loopback that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries++) {
    if (tries === triesMax) throw new Error(`no ${count} free ports between ${range.from} and ${range.to}`);
    const port = range.from + Math.floor(Math.random() * (range.to - range.from));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

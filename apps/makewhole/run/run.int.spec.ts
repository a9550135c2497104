import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'run-'));
const state = join(folder, '.makewhole');
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

async function start(...args: string[]) {
  const child = spawn(process.execPath, [join(__dirname, '..', 'bin.cjs'), 'run', ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], MAKEWHOLE_HTTP_PORT: '0', MAKEWHOLE_LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
  const ended = new Promise<number | null>((resolve) => void child.once('exit', resolve));
  for (let waited = 0; !/metrics +http/.test(text); waited += 100) {
    if (waited > 60_000 || child.exitCode !== null) throw new Error(`it did not start: ${text}`);
    await sleep(100);
  }
  return { child, ended, url: /metrics +(http\S+)\/metrics/.exec(text)?.[1] ?? '', text: () => text };
}

const payment = (id: string, paymentId: string) => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type: 'payment.captured',
  time: new Date().toISOString(),
  data: {
    accountId: 'buyer',
    orderId: 'order-1',
    paymentId,
    merchantId: 'shop',
    amount: { minor: 2390, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: 'card-1', scheme: 'visa' },
  },
});
const order = {
  ...payment('e1', ''),
  type: 'order.placed',
  data: { accountId: 'buyer', orderId: 'order-1', merchantId: 'shop', total: { minor: 2390, currency: 'EUR' } },
};

describe('makewhole run', () => {
  it('turns a double charge into a case, stops cleanly on SIGTERM and keeps everything for the next start', async () => {
    const first = await start();
    const key = readFileSync(join(state, 'api-key'), 'utf8').trim();
    expect(first.text()).toContain(key);
    expect(statSync(join(state, 'api-key')).mode & 0o777).toBe(0o600);
    expect(statSync(join(state, 'running.json')).mode & 0o777).toBe(0o600);
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents-batch+json' };
    const sent = await fetch(`${first.url}/v1/events`, {
      method: 'POST',
      headers,
      body: JSON.stringify([order, payment('e2', 'pay-1'), payment('e3', 'pay-2')]),
    });
    expect([sent.status, await sent.json()]).toEqual([202, { accepted: 3 }]);
    const casesAt = async (url: string) => (await fetch(`${url}/v1/cases`, { headers })).text();
    for (let waited = 0; !(await casesAt(first.url)).includes('duplicate-charge'); waited += 100) {
      if (waited > 20_000) throw new Error(`no case: ${await casesAt(first.url)} ${first.text()}`);
      await sleep(100);
    }
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(existsSync(join(state, 'running.json'))).toBe(false);

    const second = await start('--only', 'casework');
    expect(second.text()).not.toContain(key);
    expect(await casesAt(second.url)).toContain('duplicate-charge');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });
});

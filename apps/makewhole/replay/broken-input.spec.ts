import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { paymentLoad } from '#simulator/payment-load';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'replay-broken-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('ends with a word on a file that breaks off, also when the other scopes have a thread by then', () => {
  const load = paymentLoad({ seed: 1, accounts: 20_000, events: 60_000, from: Date.UTC(2026, 5, 1), stepMs: 10, bytes: 400 });
  const packed = gzipSync([...load].map(({ value }) => value).join('\n'), { level: 1 });
  const input = join(folder, 'cut.ndjson.gz');
  writeFileSync(input, packed.subarray(0, Math.floor(packed.length * 0.98)));
  const args = [join(__dirname, '../bin.cjs'), 'replay', '--input', input];
  const { status, signal, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', timeout: 90_000 });
  expect({ status, signal }).toEqual({ status: 2, signal: null });
  expect(stderr).toContain('is not whole gzip');
});

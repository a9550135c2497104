import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

jest.setTimeout(300_000);

describe('the demo', () => {
  it('finds every planted loss, moves money once, and ends with 0', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(__dirname, '..', 'bin.cjs'), 'demo', '--seconds', '20', '--seed', '5', '--port', '0'],
      { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NO_COLOR: '1' } },
    );
    expect([status, stdout + stderr]).toEqual([0, expect.stringMatching(/every planted loss was found, and both records agree/)]);
    expect(stdout).toMatch(/false alarms: 0 /);
    expect(stdout).toMatch(/the two records agree/);
    expect(stderr).toMatch(/curl -H 'Authorization: Bearer mw_/);
  });
});

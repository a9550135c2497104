import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

function makewhole(args: readonly string[], input?: string | Buffer) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'bin.cjs'), ...args], {
    input: input ?? '',
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const event = (id: string, type: string, time: string, data: object) => ({
  specversion: '1.0',
  id,
  source: '/shop',
  type,
  time,
  data: { accountId: 'buyer', ...data },
});
const payment = (paymentId: string) => ({
  paymentId,
  orderId: 'order-1',
  merchantId: 'shop',
  amount: { minor: 2390, currency: 'EUR' },
  instrument: { kind: 'card', fingerprint: 'card-1', scheme: 'visa' },
});
const chargedTwice = [
  event('e1', 'order.placed', '2026-06-11T14:00:00Z', {
    orderId: 'order-1',
    merchantId: 'shop',
    total: { minor: 2390, currency: 'EUR' },
  }),
  event('e2', 'payment.captured', '2026-06-11T14:00:30Z', payment('pay-1')),
  event('e3', 'payment.captured', '2026-06-11T14:01:00Z', payment('pay-2')),
  event('e4', 'order.confirmed', '2026-06-11T14:02:00Z', { orderId: 'order-1' }),
].map((one) => JSON.stringify(one));
const lines = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('help', () => {
  it.each([
    [['--help']],
    [['replay', '--help']],
    [['backtest', '--help']],
    [['run', '--help']],
    [['demo', '--help']],
    [['dead-letters', 'list', '--help']],
  ])('%j is told on standard output with examples, and exits 0', (args) => {
    const { status, stdout, stderr } = makewhole(args);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Usage: makewhole/);
    expect(stdout).toMatch(/Examples:/);
  });
});

it('replay writes one line of scores a payment, with the parts that made it', () => {
  const captures = file('captures.ndjson');
  writeFileSync(captures, chargedTwice.join('\n'));
  expect(makewhole(['replay', '--input', captures, '--scores', file('scores')]).status).toBe(0);
  const lines = readFileSync(file('scores'), 'utf8').trimEnd().split('\n');
  const scores = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(scores.length).toBeGreaterThan(0);
  for (const score of scores) {
    expect(Object.keys(score)).toEqual(['eventId', 'paymentId', 'accountId', 'merchantId', 'at', 'score', 'parts']);
    expect(score.score).toBeGreaterThan(0);
    expect(score.score).toBeLessThan(1);
  }
});

describe('wrong use exits 2 with one friendly line and no stack trace', () => {
  const input = file('events.ndjson');
  beforeAll(() => {
    writeFileSync(input, chargedTwice.join('\n'));
    writeFileSync(file('no-score.yaml'), 'detectors:\n  score: { mode: off }\n');
  });
  it.each<[what: string, args: readonly string[], says: RegExp]>([
    ['no command', [], /Usage/],
    ['an unknown command', ['repaly'], /unknown command 'repaly'/],
    ['an unknown option', ['replay', '--input', 'x', '--inptu', 'x'], /unknown option '--inptu'/],
    ['no input', ['replay'], /--input <file>/],
    ['a file that is not there', ['replay', '--input', '/nowhere.ndjson'], /\/nowhere\.ndjson does not exist/],
    ['a folder as input', ['replay', '--input', folder], /is a folder/],
    ['a bad --until', ['replay', '--input', input, '--until', 'tomorrow'], /2026-06-30T00:00:00Z; found "tomorrow"/],
    ['an output in no folder', ['replay', '--input', input, '--cases', '/no/where'], /folder of \/no\/where does not exist/],
    ['an output that is the input', ['replay', '--input', input, '--findings', input], /the same file/],
    ['a missing configuration', ['replay', '--input', input, '--config', '/no.yaml'], /\/no\.yaml: cannot be read/],
    ['a missing policy', ['replay', '--input', input, '--policy', '/no.yaml'], /\/no\.yaml: cannot be read/],
    [
      'scores, when the configuration has turned them off',
      ['replay', '--input', input, '--config', file('no-score.yaml'), '--scores', file('s')],
      /--scores cannot be written/,
    ],
    ['an unknown service', ['run', '--only', 'gatway'], /--only takes gateway/],
    ['a demo of no time', ['demo', '--seconds', '0'], /whole number from 15/],
  ])('%s', (_what, args, says) => {
    const { status, stdout, stderr } = makewhole(args);
    expect(status).toBe(2);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
  });

  it('and the input is not touched', () => {
    expect(readFileSync(input, 'utf8')).toBe(chargedTwice.join('\n'));
  });

  it('casework does not make up a master key in production', () => {
    const env = { ...process.env, NODE_ENV: 'production', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' };
    const { status, stderr } = spawnSync(process.execPath, [join(__dirname, 'bin.cjs'), 'run'], {
      cwd: folder,
      encoding: 'utf8',
      env,
    });
    expect(status).toBe(2);
    expect(stderr).toContain('MAKEWHOLE_VAULT_MASTER_KEYS');
    expect(existsSync(file('.makewhole/master-key'))).toBe(false);
  });

  it('every fault of the configuration is told at once', () => {
    writeFileSync(file('bad.yaml'), 'htpp: {}\nhttp: { port: 99999 }\n');
    const { status, stderr } = makewhole(['config', 'print', '--redacted', '--config', file('bad.yaml')]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/htpp/);
    expect(stderr).toMatch(/http\.port/);
  });
});

describe('replay', () => {
  const run = (input: string, ...more: string[]) =>
    makewhole(
      [...['replay', '--input', '-', '--findings', file('f'), '--cases', file('c'), '--dead-letters', file('d')], ...more],
      input,
    );

  it('finds a double charge, opens its case and says what policy would do', () => {
    const { status, stdout, stderr } = run(chargedTwice.join('\n'), '--until', '2026-06-30T00:00:00Z');
    expect([status, stdout]).toEqual([0, '']);
    expect(lines(file('f'))).toMatchObject([
      { kind: 'duplicate-charge', confidence: 'certain', status: 'open', paymentIds: ['pay-1', 'pay-2'] },
    ]);
    expect(lines(file('c'))).toMatchObject([
      { kinds: ['duplicate-charge'], status: 'open', actions: [{ kind: 'refund', state: 'approved', paymentId: 'pay-2' }] },
    ]);
    expect(lines(file('d'))).toEqual([]);
    expect(stderr).toMatch(/events\s+4\napplied\s+4\nduplicates\s+0\ndead letters\s+0\n/);
    expect(stderr).toMatch(/duplicate-charge\s+1 open, 0 cleared/);
    expect(stderr).toMatch(/events\/s/);
  });

  it('gzip, CRLF, a byte order mark, blank lines and a missing last line end change nothing but line numbers', () => {
    run(chargedTwice.join('\n'));
    const findings = readFileSync(file('f'));
    writeFileSync(file('in'), gzipSync(`\ufeff${chargedTwice.join('\r\n\r\n')}`));
    const { status } = makewhole(['replay', '--input', file('in'), '--findings', file('g')]);
    expect(status).toBe(0);
    expect(readFileSync(file('g'))).toEqual(findings);
  });

  it('without a named output the findings are the data on standard output', () => {
    const { stdout } = makewhole(['replay', '--input', '-'], chargedTwice.join('\n'));
    expect(stdout).toBe(readFileSync(file('f'), 'utf8'));
  });

  it('the same event twice is a duplicate, and with other content a dead letter that shows no card number', () => {
    const conflict = chargedTwice[1]?.replace('2390', '2391') ?? '';
    const { stderr } = run([...chargedTwice, chargedTwice[1], conflict, '{"half":"4242424242424242'].join('\n'));
    expect(stderr).toMatch(/duplicates\s+1\ndead letters\s+2 \(conflicting-redelivery 1, not-json 1\)/);
    const letters = lines(file('d'));
    expect(letters).toMatchObject([
      { topic: 'input', partition: 0, offset: 5, reason: 'conflicting-redelivery', source: '/shop', id: 'e2' },
      { topic: 'input', partition: 0, offset: 6, reason: 'not-json' },
    ]);
    const bytes = letters.map((letter) => Buffer.from(String(letter['bytes']), 'base64').toString());
    expect(bytes[0]).toContain('pay-1');
    expect(bytes[1]).toMatch(/^\{"half":"\*+4242$/);
  });

  it('an event dated into the future is a dead letter unless --until is as late', () => {
    const later = new Date(Date.now() + 3_600_000).toISOString();
    const future = JSON.stringify(event('e9', 'account.logged_in', later, {}));
    run(future);
    expect(lines(file('d'))).toMatchObject([{ reason: 'future-event', offset: 0, id: 'e9', pointer: '/time' }]);
    run(future, '--until', later);
    expect(lines(file('d'))).toEqual([]);
  });

  it('a policy document decides otherwise', () => {
    writeFileSync(file('policy.yaml'), 'version: careful-1\nrules: []\n');
    run(chargedTwice.join('\n'), '--policy', file('policy.yaml'));
    expect(lines(file('c'))).toMatchObject([{ actions: [] }]);
  });

  it('a kind in shadow is written with its mark and counted, and opens no case; one that is off is not looked for', () => {
    writeFileSync(file('shadow.yaml'), 'detectors: { duplicate-charge: { mode: shadow } }\n');
    const { stderr } = run(chargedTwice.join('\n'), '--config', file('shadow.yaml'));
    expect(lines(file('f'))).toMatchObject([{ kind: 'duplicate-charge', mode: 'shadow', status: 'open' }]);
    expect(lines(file('c'))).toEqual([]);
    expect(stderr).toMatch(/duplicate-charge\s+1 open, 0 cleared, 1 in shadow/);
    writeFileSync(file('off.yaml'), 'detectors: { duplicate-charge: { mode: off } }\n');
    run(chargedTwice.join('\n'), '--config', file('off.yaml'));
    expect([lines(file('f')), lines(file('c'))]).toEqual([[], []]);
  });

  it('a full disk fails with 1 and says so', () => {
    if (!existsSync('/dev/full')) return;
    const { status, stderr } = makewhole(['replay', '--input', '-', '--findings', '/dev/full'], chargedTwice.join('\n'));
    expect(status).toBe(1);
    expect(stderr).toMatch(/\/dev\/full cannot be written: the disk is full/);
  });
});

describe('config print', () => {
  it('prints the configuration as it takes effect and never a secret', () => {
    writeFileSync(file('ok.yaml'), 'http: { port: 9090 }\ndatabase: { url: "postgres://me:hush@db/x" }\n');
    const { status, stdout } = makewhole(['config', 'print', '--redacted', '--config', file('ok.yaml')]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/port: 9090/);
    expect(stdout).not.toMatch(/hush/);
  });
});

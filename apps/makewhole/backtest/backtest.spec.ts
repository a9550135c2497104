import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captured, confirmed, eur, placed, refund, type ToldEvent } from '#test/scenarios/told-events';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'backtest-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text?: string) => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};
const lines = (values: readonly object[]) => values.map((one) => JSON.stringify(one)).join('\n');

function backtest(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, '../bin.cjs'), 'backtest', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, MAKEWHOLE_POLICY_FILE: '/not/read', MAKEWHOLE_HTTP_PORT: 'nor this' },
  });
  return { status, stdout, stderr, report: status === 0 ? JSON.parse(stdout) : undefined };
}

const of = (buyer: string, event: ToldEvent): ToldEvent => ({ ...event, data: { ...event.data, accountId: buyer } });
const order = { orderId: 'order-1' };

/** One order charged twice, and given back by the platform two days later. */
const twice = [
  placed('2026-06-01T10:00', eur(2_000)),
  captured('2026-06-01T10:01', 'pay-1', eur(2_000), order),
  captured('2026-06-01T10:02', 'pay-2', eur(2_000), order),
  confirmed('2026-06-01T10:03'),
  ...['requested', 'approved', 'submitted', 'succeeded'].map((step, n) =>
    refund(step, `2026-06-03T10:0${n}`, eur(2_000), { paymentId: 'pay-2' }),
  ),
].map((event) => of('ann', event));
/** Two charges without orders, four minutes apart. */
const twins = [captured('2026-06-02T12:00', 'pay-3', eur(900)), captured('2026-06-02T12:04', 'pay-4', eur(900))].map((event) =>
  of('bob', event),
);
const input = file('events.ndjson', lines([...twice, ...twins]));
const strict = file('strict.yaml', 'detectors: { duplicate-charge: { likelyWindowMs: 3m } }\n');
const off = file('off.yaml', 'detectors: { duplicate-charge: { mode: off } }\n');
const shadow = file('shadow.yaml', 'detectors: { duplicate-charge: { mode: shadow } }\n');

describe('backtest', () => {
  it('a configuration against itself gains and loses nothing', () => {
    const { status, report, stderr } = backtest('--input', input, '--candidate', strict, '--baseline', strict);
    expect(status).toBe(0);
    expect(report.findings['duplicate-charge']).toEqual({
      ...{ baseline: 2, candidate: 2, gained: 0, lost: 0, changed: 0 },
      ...{ gainedLoss: [], lostLoss: [] },
    });
    expect(report.money['EUR'].refund.differenceMinor).toBe(0);
    expect(report.quality).toBeNull();
    expect(stderr).toMatch(/findings\s+baseline\s+candidate\s+gained\s+lost\s+changed\nduplicate-charge\s+2\s+2\s+0\s+0\s+0/);
  });

  it('tells which findings a kind that is off loses, and the money that would not have moved, healed or not', () => {
    const { report } = backtest('--input', input, '--candidate', off);
    expect(report.candidate).toMatchObject({
      config: off,
      policyVersion: 'default-3',
      events: 10,
      applied: 10,
      findings: 0,
      cases: 0,
    });
    expect(report.findings['duplicate-charge']).toMatchObject({ baseline: 2, candidate: 0, gained: 0, lost: 2 });
    expect(report.money['EUR'].refund).toEqual({
      baseline: { acted: { count: 1, minor: 2_000 }, asked: { count: 1, minor: 900 }, stopped: { count: 0, minor: 0 } },
      candidate: { acted: { count: 0, minor: 0 }, asked: { count: 0, minor: 0 }, stopped: { count: 0, minor: 0 } },
      differenceMinor: -2_000,
    });
    const other = backtest('--input', input, '--candidate', strict, '--baseline', off).report;
    expect(other.findings['duplicate-charge']).toMatchObject({ gained: 2, gainedLoss: [{ minor: 2_900, currency: 'EUR' }] });
  });

  it('a threshold changes how sure it is, and shadow that anything is done; each change is written whole where it is asked for', () => {
    const changes = file('changes.ndjson');
    const { report } = backtest('--input', input, '--candidate', strict, '--changes', changes);
    expect(report.findings['duplicate-charge']).toMatchObject({ gained: 0, lost: 0, changed: 1 });
    expect(report.money['EUR'].refund.candidate).toMatchObject({ acted: { count: 1 }, asked: { count: 0 } });
    const told = readFileSync(changes, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told).toMatchObject([
      {
        change: 'changed',
        baseline: { confidence: 'likely', at: '2026-06-02T12:04:00.000Z' },
        candidate: { confidence: 'possible' },
      },
    ]);
    const quiet = backtest('--input', input, '--candidate', shadow).report;
    expect(quiet.findings['duplicate-charge']).toMatchObject({ candidate: 2, changed: 2 });
    expect(quiet.candidate.cases).toBe(0);
    expect(quiet.money['EUR'].refund.differenceMinor).toBe(-2_000);
  });

  it('a policy is a part of its configuration', () => {
    const policy = file('policy.yaml', 'version: careful-1\nrules: []\n');
    const { report } = backtest('--input', input, '--candidate', file('careful.yaml', `policyFile: ${policy}\n`));
    expect(report.candidate.policyVersion).toBe('careful-1');
    expect(report.findings['duplicate-charge']).toMatchObject({ gained: 0, lost: 0, changed: 0 });
    expect(report.money['EUR'].refund.differenceMinor).toBe(-2_000);
  });

  it('a draft alone is tried against the live policy, as the API tells it: the money by currency and kind', () => {
    const draft = file('draft.yaml', 'version: draft-1\nfourEyes: { above: { minor: { EUR: 1999 } } }\n');
    const live = file('live.json', JSON.stringify({ version: 'live-1', state: 'live', document: { version: 'live-1' } }));
    const { report, stderr } = backtest('--input', input, '--policy', draft, '--live', live);
    expect(report).toMatchObject({ baseline: { policyVersion: 'live-1' }, candidate: { policyVersion: 'draft-1' } });
    expect(report.findings['duplicate-charge']).toMatchObject({ gained: 0, lost: 0, changed: 0 });
    expect(report.moneyByFinding['EUR']['duplicate-charge']).toEqual({
      baseline: { acted: { count: 1, minor: 2_000 }, asked: { count: 1, minor: 900 }, stopped: { count: 0, minor: 0 } },
      candidate: { acted: { count: 0, minor: 0 }, asked: { count: 2, minor: 2_900 }, stopped: { count: 0, minor: 0 } },
      differenceMinor: -2_000,
    });
    expect(stderr).toMatch(/duplicate-charge EUR\s+EUR 20\.00\s+EUR 0\.00\s+.?EUR.*20\.00|moved for/);
  });

  it('silence is judged as far as --until', () => {
    const hold = file('hold.ndjson', lines([{ ...captured('2026-06-01T10:00', 'pay-9', eur(500)), type: 'payment.authorised' }]));
    const quiet = file('no-hold.yaml', 'detectors: { stuck-hold: { mode: off } }\n');
    const { report } = backtest('--input', hold, '--candidate', quiet, '--until', '2026-07-01T00:00:00Z');
    expect(report.findings['stuck-hold']).toMatchObject({ baseline: 1, lost: 1, lostLoss: [{ minor: 500, currency: 'EUR' }] });
    expect(backtest('--input', hold, '--candidate', quiet).report.findings).toEqual({});
  });
});

describe('labels', () => {
  const judge = (candidate: string, ...labels: readonly object[]) =>
    backtest('--input', input, '--candidate', candidate, '--labels', file('labels.ndjson', lines(labels))).report.quality;

  it('give precision and recall of both sides; what has no label counts in neither', () => {
    const quality = judge(
      strict,
      { paymentId: 'pay-2', loss: true },
      { paymentId: 'pay-1', loss: false },
      { paymentId: 'pay-4', kind: 'duplicate-charge', loss: true },
      { accountId: 'eve', kind: 'account-takeover', fraud: true },
    );
    expect(quality.baseline).toMatchObject({ found: 2, missed: 1, falseAlarms: 0, precision: 1 });
    expect(quality.baseline.recall).toBeCloseTo(2 / 3);
    expect(quality.candidate).toMatchObject({ found: 1, missed: 2, falseAlarms: 0, precision: 1 });
    expect(quality.baseline.byKind).toMatchObject({
      'duplicate-charge': { found: 2, precision: 1, recall: 1 },
      'account-takeover': { found: 0, missed: 1, precision: null, recall: 0 },
    });
  });

  it('of no loss are false alarms where a finding would give just that back', () => {
    const quality = judge(
      strict,
      { paymentId: 'pay-4', loss: false },
      { orderId: 'order-1', loss: true },
      { accountId: 'cleo', loss: false },
    );
    expect(quality.baseline).toMatchObject({ found: 1, falseAlarms: 1, precision: 0.5, recall: 1 });
    expect(quality.candidate).toMatchObject({ found: 1, falseAlarms: 0, precision: 1, recall: 1 });
  });

  it('name a kind, and are found by no other', () => {
    const quality = judge(strict, { paymentId: 'pay-2', kind: 'stuck-hold', loss: true });
    expect(quality.baseline).toMatchObject({ found: 0, missed: 1, precision: null, recall: 0 });
  });
});

describe('wrong use exits 2 and prints no report', () => {
  const wrong = file('wrong.yaml', 'detectors: { duplicate-charge: { mode: on } }\n');
  const worse = file('worse.yaml', 'policyFile: /no/policy.yaml\n');
  const labels = file(
    'bad-labels.ndjson',
    '{"paymentId":"p","loss":true}\nnot json\n{"paymentId":"p","loss":1}\n{"kind":"x","loss":true}\n',
  );
  it.each<[string, readonly string[], RegExp]>([
    ['no candidate', ['--input', input], /--candidate <config>/],
    ['no input', ['--candidate', strict], /--input <file>/],
    ['an input that is not there', ['--input', '/no.ndjson', '--candidate', strict], /\/no\.ndjson does not exist/],
    ['a configuration that is not there', ['--input', input, '--candidate', '/no.yaml'], /--candidate: .*\n.*\/no\.yaml/],
    [
      'faults of both configurations, told together',
      ['--input', input, '--baseline', wrong, '--candidate', worse],
      /--baseline: [^]*duplicate-charge\.mode[^]*--candidate: [^]*\/no\/policy\.yaml/,
    ],
    [
      'labels that are none, all told with their lines',
      ['--input', input, '--candidate', strict, '--labels', labels],
      /line 2: expected a JSON object\n\s+line 3: `loss` is neither true nor false\n\s+line 4: expected one of paymentId, orderId, accountId/,
    ],
    ['labels that are not there', ['--input', input, '--candidate', strict, '--labels', '/no'], /\/no does not exist: --labels/],
    ['changes that are the input', ['--input', input, '--candidate', strict, '--changes', input], /the same file/],
  ])('%s', (_what, args, says) => {
    const { status, stdout, stderr } = backtest(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(input)).toBe(true);
  });
});

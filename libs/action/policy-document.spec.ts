import fc from 'fast-check';
import { defaultPolicy } from '#action/default-policy';
import { accrualDecisionFor, decisionFor } from '#action/policy';
import { policyDocument, readPolicy, storedPolicy } from '#action/policy-document';
import { findingKinds, type Confidence, type Finding, type FindingKind } from '#detection/finding';
import { findingOf } from '#test/money/examples';

describe('a policy document', () => {
  it('the default is a valid document', () => {
    expect(readPolicy(JSON.parse(JSON.stringify(defaultPolicy)))).toEqual({ ok: true, value: defaultPolicy });
  });

  it('is written whole, and read back as it was', () => {
    const snooze = { kind: 'stuck-hold', merchantId: 'hotel', until: '2026-06-30T00:00:00Z', reason: 'long stays' };
    const policy = storedPolicy({ version: 'v2', dryRun: true, snoozes: [snooze] });
    const document = policyDocument(policy);
    expect(Object.keys(document).sort()).toEqual(Object.keys(defaultPolicy).sort());
    expect(storedPolicy(JSON.parse(JSON.stringify(document)))).toEqual(policy);
    expect(() => storedPolicy({ version: 'v2', rules: 'none' })).toThrow(/rules: expected a list/);
  });

  it('what is left out is that of the default', () => {
    expect(readPolicy({ version: 'v2', dryRun: true })).toEqual({
      ok: true,
      value: { ...defaultPolicy, version: 'v2', dryRun: true },
    });
  });

  it('snoozes a kind for one buyer or merchant, with an end and a reason, and names what is wrong with one', () => {
    const good = { kind: 'stuck-hold', merchantId: 'hotel', until: '2026-06-30T00:00:00Z', reason: 'long stays' };
    const read = readPolicy({ version: 'v3', snoozes: [good] });
    expect(read.ok && read.value.snoozes).toEqual([{ ...good, snoozeId: 'v3/0', until: Date.UTC(2026, 5, 30), by: 'policy' }]);
    const wrong = readPolicy({
      version: 'v3',
      snoozes: [
        { ...good, accountId: 'a' },
        { kind: 'x', until: 'soon', whom: 1 },
      ],
    });
    expect(wrong.ok ? [] : wrong.error.map(({ pointer }) => pointer)).toEqual([
      '/snoozes/0',
      '/snoozes/1/whom',
      '/snoozes/1/kind',
      '/snoozes/1',
      '/snoozes/1/until',
      '/snoozes/1/reason',
    ]);
  });

  it('says what is done about what the law adds, each kind once; nothing where it says nothing', () => {
    const accruals = [{ kind: 'daily-compensation', decision: 'act' }];
    const read = readPolicy({ version: 'v5', accruals });
    expect(read.ok && read.value.accruals).toEqual(accruals);
    expect(defaultPolicy.accruals).toEqual([]);
    expect(accrualDecisionFor(defaultPolicy, 'daily-compensation', findingOf())).toBe('watch');
    const wrong = readPolicy({
      version: 'v5',
      accruals: [...accruals, ...accruals, { kind: 'interest', decision: 'pay', upTo: 1 }],
    });
    expect(wrong.ok ? [] : wrong.error.map(({ pointer }) => pointer)).toEqual([
      '/accruals/1/kind',
      '/accruals/2/upTo',
      '/accruals/2/kind',
      '/accruals/2/decision',
    ]);
  });

  it('what the law adds is paid by itself on certain findings only, and nothing on possible ones or in shadow', () => {
    const policy = storedPolicy({ version: 'v5', accruals: [{ kind: 'daily-compensation', decision: 'act' }] });
    const decide = (patch: Partial<Finding>) => accrualDecisionFor(policy, 'daily-compensation', findingOf(patch));
    expect(
      [{}, { confidence: 'likely' }, { confidence: 'possible' }, { mode: 'shadow' }].map((patch) => decide(patch as object)),
    ).toEqual(['act', 'ask', 'watch', 'watch']);
  });

  it('every fault is named with its place', () => {
    const read = readPolicy({
      rules: [
        { kinds: ['duplicate-charge', 'nonsense'], confidence: ['likely'], decision: 'act', action: 'refund' },
        { kinds: ['stuck-hold'], confidence: ['certain'], decision: 'act', upTo: { euro: -1 } },
      ],
      fourEyes: { people: 0 },
      colour: 'red',
    });
    expect(read.ok ? [] : read.error.map(({ pointer }) => pointer)).toEqual([
      '/colour',
      '/version',
      '/rules/0/kinds',
      '/rules/0/confidence',
      '/rules/1/action',
      '/rules/1/upTo/euro',
      '/rules/1/upTo/euro',
      '/fourEyes/people',
    ]);
  });

  it('no content makes it throw', () => {
    fc.assert(fc.property(fc.anything(), (document) => void readPolicy(document)));
  });

  it('a rule up to an amount passes larger losses and other currencies on', () => {
    const read = readPolicy({
      version: 'v3',
      rules: [
        { kinds: ['duplicate-charge'], confidence: ['certain'], decision: 'act', action: 'refund', upTo: { EUR: 1_000 } },
        { kinds: ['duplicate-charge'], confidence: ['certain'], decision: 'ask', action: 'refund' },
      ],
    });
    if (!read.ok) throw new Error('valid');
    const decide = (minor: number, currency: string) =>
      decisionFor(read.value, findingOf({ loss: { minor, currency } })).decision;
    expect([decide(1_000, 'EUR'), decide(1_001, 'EUR'), decide(1, 'USD')]).toEqual(['act', 'ask', 'ask']);
  });

  it('what is done beside an action moves no money, and stands beside one', () => {
    const rule = { kinds: ['account-takeover'], confidence: ['likely'], decision: 'ask', action: 'step_up', also: ['notify'] };
    const read = readPolicy({ version: 'v4', rules: [rule] });
    if (!read.ok) throw new Error('valid');
    const finding = findingOf({ kind: 'account-takeover', confidence: 'likely' });
    expect(decisionFor(read.value, finding)).toEqual({ decision: 'ask', actions: ['step_up', 'notify'] });
    for (const wrong of [
      { ...rule, also: ['refund'] },
      { ...rule, decision: 'watch', action: undefined },
    ])
      expect(readPolicy({ version: 'v4', rules: [wrong] })).toMatchObject({ ok: false, error: [{ pointer: '/rules/0/also' }] });
  });

  it('by default every kind has a rule for each confidence that opens a case', () => {
    const covers = (kind: FindingKind, confidence: Confidence) =>
      defaultPolicy.rules.some((rule) => rule.kinds.includes(kind) && rule.confidence.includes(confidence));
    for (const kind of findingKinds) expect([kind, covers(kind, 'certain'), covers(kind, 'likely')]).toEqual([kind, true, true]);
  });

  it('by default money moves by itself on certain findings only, and nothing happens on possible ones', () => {
    for (const kind of findingKinds) {
      const { decision } = decisionFor(defaultPolicy, findingOf({ kind, confidence: 'likely' }));
      expect([kind, decision === 'act']).toEqual([kind, false]);
      expect(decisionFor(defaultPolicy, findingOf({ kind, confidence: 'possible' })).decision).toBe('watch');
    }
  });
});

import fc from 'fast-check';
import { defaultPolicy } from '#action/default-policy';
import { decisionFor } from '#action/policy';
import { readPolicy } from '#action/policy-document';
import { findingKinds } from '#detection/finding';
import { findingOf } from '#test/money/examples';

describe('a policy document', () => {
  it('the default is a valid document', () => {
    expect(readPolicy(JSON.parse(JSON.stringify(defaultPolicy)))).toEqual({ ok: true, value: defaultPolicy });
  });

  it('what is left out is that of the default', () => {
    expect(readPolicy({ version: 'v2', dryRun: true })).toEqual({
      ok: true,
      value: { ...defaultPolicy, version: 'v2', dryRun: true },
    });
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

  it('by default money moves by itself on certain findings only, and nothing happens on possible ones', () => {
    for (const kind of findingKinds) {
      const { decision } = decisionFor(defaultPolicy, findingOf({ kind, confidence: 'likely' }));
      expect([kind, decision === 'act']).toEqual([kind, false]);
      expect(decisionFor(defaultPolicy, findingOf({ kind, confidence: 'possible' })).decision).toBe('watch');
    }
  });
});

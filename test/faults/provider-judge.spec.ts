import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stripeKey } from '#test/providers/stripe';

import { providerFiles, restoreEmulators } from './emulators';
import { type JudgedAction, providerFaults } from './provider-judge';
import { appendPayments } from './provider-payments';

describe('the judge of what providers did', () => {
  const effect = {
    at: 0,
    key: 'k-1',
    kind: 'refund' as const,
    paymentId: 'pi_1',
    amount: { minor: 1, currency: 'EUR' },
    reference: 're',
  };
  const action = (patch: Partial<JudgedAction> = {}): JudgedAction => ({
    key: 'k-1',
    connector: 'stripe',
    state: 'confirmed',
    ...patch,
  });

  it('is content where each movement is a confirmed action of ours, and what was refused never happened', () => {
    expect(providerFaults('stripe', [effect], [action(), action({ key: 'k-2', state: 'refused' })])).toEqual([]);
  });

  it.each([
    ['moved money twice', [effect, effect], [action()], 'stripe moved money twice under k-1'],
    [
      'never did what we call confirmed',
      [effect],
      [action(), action({ key: 'k-2' })],
      'k-2 is confirmed, and stripe knows nothing of it',
    ],
    ['did what we call refused', [effect], [action({ state: 'refused' })], 'our action is refused'],
    ['did what was another provider’s to do', [effect], [action({ connector: 'adyen' })], 'no action of ours there'],
  ])('objects to a provider that %s', (_, effects, actions, fault) => {
    expect(providerFaults('stripe', effects, actions).join()).toContain(fault);
  });
});

describe('providers that are killed', () => {
  it('know afterwards what they did, and keys as long as they keep them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'emulators-'));
    const files = providerFiles(folder);
    const amount = { minor: 5_000, currency: 'EUR' };
    appendPayments(files.payments, [{ provider: 'stripe', paymentId: 'pi_1', accountId: 'a-1', amount, captured: true }]);
    const refundOnce = async (skewMs: number): Promise<string> => {
      const { stripe } = restoreEmulators(files);
      stripe.skewMs += skewMs;
      await stripe.start();
      const answer = await fetch(`${stripe.url}/v1/refunds`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stripeKey}`, 'idempotency-key': 'k-1' },
        body: new URLSearchParams({ payment_intent: 'pi_1', amount: '2000' }),
      });
      await stripe.stop();
      return ((await answer.json()) as { id: string }).id;
    };
    try {
      expect([await refundOnce(0), await refundOnce(0), await refundOnce(25 * 3_600_000)]).toEqual([
        're_0001',
        're_0001',
        're_0002',
      ]);
      const { stripe, accountOf } = restoreEmulators(files);
      expect(stripe.effects.map(({ key, paymentId, reference }) => [key, paymentId, reference])).toEqual([
        ['k-1', 'pi_1', 're_0001'],
        ['k-1', 'pi_1', 're_0002'],
      ]);
      expect([stripe.refunded('pi_1'), accountOf('pi_1')]).toEqual([4_000, 'a-1']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

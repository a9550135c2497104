import { connectorFor } from '#apps/actuator/connectors';
import { refundOrder, voidOrder } from '#test/providers/orders';

describe('the connector of an order', () => {
  const choose = connectorFor([{ name: 'stripe' }, { name: 'platform' }]);

  it('is that of the payment’s provider for refunds and voids, however it is written', () => {
    expect(choose(refundOrder('stripe', 'pi_1'))).toBe('stripe');
    expect(choose(voidOrder('Stripe', 'pi_1'))).toBe('stripe');
  });

  it('is the platform for a provider without credentials, and for a payment of an unknown one', () => {
    expect(choose(refundOrder('adyen', 'X'))).toBe('platform');
    const { payment: _, ...without } = refundOrder('stripe', 'pi_1');
    expect(choose(without)).toBe('platform');
  });

  it.each(['freeze', 'unfreeze', 'hold_payout', 'step_up', 'compensate'] as const)('is the platform for %s', (kind) => {
    expect(choose(refundOrder('stripe', 'pi_1', { kind }))).toBe('platform');
  });
});

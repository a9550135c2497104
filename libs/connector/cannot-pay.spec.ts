import { AdyenConnector } from '#connector/adyen';
import type { Connector } from '#connector/connector';
import type { HttpCaller } from '#connector/http-caller';
import { PaypalConnector } from '#connector/paypal';
import { StripeConnector } from '#connector/stripe';
import { refundOrder } from '#test/providers/orders';

const http = {
  call: () => {
    throw new Error('nothing may be called');
  },
} as unknown as HttpCaller;
const common = { url: 'https://provider.invalid', http, now: () => 0 };
const providers: readonly Connector[] = [
  new StripeConnector({ ...common, secretKey: 'k' }),
  new AdyenConnector({ ...common, apiKey: 'k', merchantAccount: 'm' }),
  new PaypalConnector({ ...common, clientId: 'c', clientSecret: 's' }),
];

describe('a compensation that is ordered of a payment provider', () => {
  it.each(providers)('is refused by $name, which says who can pay it, and nothing is called', async (provider) => {
    const order = refundOrder(provider.name, 'pi_1', { kind: 'compensate', accrual: 'daily-compensation' });
    expect(await provider.call(order)).toMatchObject({
      kind: 'answered',
      state: 'refused',
      reason: expect.stringContaining('actuator.platformUrl'),
    });
  });
});

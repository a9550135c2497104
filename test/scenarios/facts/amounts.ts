import type { Scenario } from '../scenario';
import { captured, card, confirmed, eur, forOrder, placed, refund, told } from '../told-events';
import { money, silent, story } from './story';

/** An order of 100.00 in a currency and one capture of so much. */
const charge = (minor: number, currency: string, more: object) => [
  placed('2026-06-11T14:00', money(10_000, currency)),
  captured('2026-06-11T14:01', 'pay-1', money(minor, currency), { ...forOrder, ...more }),
  confirmed('2026-06-11T14:02'),
];
const over = (name: string, minor: number, currency: string, more: object, lossMinor: number): Scenario =>
  story(`too much: ${name}`, charge(minor, currency, more), {
    expect: [
      {
        kind: 'amount-differs-from-order',
        confidence: 'certain',
        payments: ['pay-1'],
        loss: money(lossMinor, currency),
        at: '2026-06-11T14:01:00Z',
        count: 1,
      },
    ],
    forbid: 'others',
    cases: { count: 1, loss: [money(lossMinor, currency)] },
  });
const allowed = (name: string, minor: number, currency: string, more: object): Scenario =>
  silent(`allowed: ${name}`, charge(minor, currency, more));
const paypal = (country?: string) => ({
  provider: 'paypal',
  instrument: { kind: 'wallet', fingerprint: 'pp-1', ...(country === undefined ? {} : { country }) },
});
const mastercard = { ...card, scheme: 'mastercard' };
const fee = (kind: string, minor: number, more: object = {}) =>
  told('fee.charged', '2026-06-11T15:00', { feeId: `fee-${kind}`, kind, amount: eur(minor), orderId: 'order-1', ...more });
const shown = (fees: readonly { kind: string; amount: object }[]) => [
  placed('2026-06-11T14:00', eur(10_000), { fees }),
  captured('2026-06-11T14:01', 'pay-1', eur(10_000), forOrder),
  confirmed('2026-06-11T14:02'),
];
const hidden = (lossMinor: number) =>
  ({
    expect: [
      {
        kind: 'undisclosed-fee',
        confidence: 'certain',
        orderId: 'order-1',
        loss: eur(lossMinor),
        at: '2026-06-11T15:00:00Z',
        count: 1,
      },
    ],
    forbid: 'others',
  }) as const;

/** Facts, "Amounts and fees". */
export const amounts: readonly Scenario[] = [
  over('one cent', 10_001, 'EUR', {}, 1),
  allowed('a Visa restaurant, 20 %', 12_000, 'EUR', { mcc: '5812' }),
  over('a Visa restaurant, 20 % and a cent', 12_001, 'EUR', { mcc: '5812' }, 1),
  allowed('a Visa taxi, 20 %', 12_000, 'USD', { mcc: '4121' }),
  over('a Mastercard restaurant', 12_000, 'EUR', { mcc: '5812', instrument: mastercard }, 2_000),
  allowed('a Visa hotel in the United States, 15 %', 11_500, 'USD', { mcc: '7011', instrument: { ...card, country: 'US' } }),
  over(
    'a Visa hotel in the United States, 15 % and 5.00',
    12_000,
    'USD',
    { mcc: '7011', instrument: { ...card, country: 'US' } },
    500,
  ),
  over(
    'a Visa hotel in the European Economic Area',
    11_500,
    'EUR',
    { mcc: '7011', instrument: { ...card, country: 'DE' } },
    1_500,
  ),
  allowed('PayPal in the United States, 115 %', 11_500, 'USD', paypal('US')),
  over('PayPal in the United States, 120 %', 12_000, 'USD', paypal('US'), 500),
  over('PayPal in a PSD2 country', 11_500, 'EUR', paypal('FR'), 1_500),
  over('PayPal in Britain', 11_500, 'GBP', paypal('GB'), 1_500),
  over('a card without an allowance', 11_500, 'USD', { mcc: '5411' }, 1_500),
  silent('less than the total is no loss of the buyer’s', charge(9_000, 'EUR', {})),
  story(
    'another currency than the order’s',
    [
      placed('2026-06-11T14:00', eur(10_000)),
      captured('2026-06-11T14:01', 'pay-1', money(10_000, 'USD'), forOrder),
      confirmed('2026-06-11T14:02'),
    ],
    { expect: [{ kind: 'amount-differs-from-order', confidence: 'likely', loss: null }], forbid: 'others' },
  ),
  silent('a fee that was shown and charged', [...shown([{ kind: 'shipping', amount: eur(490) }]), fee('shipping', 490)]),
  story(
    'a fee above what was shown loses the part above',
    [...shown([{ kind: 'shipping', amount: eur(490) }]), fee('shipping', 700)],
    hidden(210),
  ),
  story('a fee that was not shown', [...shown([]), fee('booking', 750)], hidden(750)),
  silent('a fee that was disclosed otherwise', [...shown([]), fee('booking', 750, { disclosed: true })]),
  story(
    'a fee that was not shown, and given back',
    [
      ...shown([]),
      fee('booking', 750, { paymentId: 'pay-1' }),
      refund('succeeded', '2026-06-15T10:00', eur(750)),
      told('delivery.delivered', '2026-06-16T10:00', forOrder),
    ],
    {
      expect: [{ kind: 'undisclosed-fee', status: 'cleared', loss: eur(750), at: '2026-06-11T15:00:00Z' }],
      forbid: 'others',
      cases: { open: 0, healed: 1 },
    },
  ),
];

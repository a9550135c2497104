import fc from 'fast-check';
import { currencies } from '#kernel/currency';
import { money } from '#kernel/money';
import {
  adyenUnits,
  fromProviderUnits,
  paypalUnits,
  type ProviderUnits,
  stripeUnits,
  toDecimalText,
  toProviderUnits,
} from '#kernel/provider-money';

describe('amounts as providers count them', () => {
  it.each<[string, ProviderUnits, number, string, number | undefined]>([
    ['Stripe: cents', stripeUnits, 1_250, 'EUR', 1_250],
    ['Stripe: a zero-decimal currency', stripeUnits, 500, 'JPY', 500],
    ['Stripe: MGA has no decimals there', stripeUnits, 50_000, 'MGA', 500],
    ['Stripe: a part of an ariary cannot be said', stripeUnits, 50_050, 'MGA', undefined],
    ['Stripe: ISK has two decimals there, always 00', stripeUnits, 5, 'ISK', 500],
    ['Stripe: UGX has two decimals there, always 00', stripeUnits, 5, 'UGX', 500],
    ['Stripe: three decimals end in 0', stripeUnits, 5_120, 'KWD', 5_120],
    ['Stripe: three decimals that do not end in 0 are not rounded', stripeUnits, 5_124, 'KWD', undefined],
    ['Adyen: cents', adyenUnits, 1_250, 'EUR', 1_250],
    ['Adyen: ISK has two decimals there', adyenUnits, 2_790, 'ISK', 279_000],
    ['Adyen: CLP has two decimals there', adyenUnits, 990, 'CLP', 99_000],
    ['Adyen: CVE has none there', adyenUnits, 12_300, 'CVE', 123],
    ['Adyen: IDR has none there', adyenUnits, 12_345, 'IDR', undefined],
    ['Adyen: KWD', adyenUnits, 5_124, 'KWD', 5_124],
  ])('%s', (_, units, minor, currency, value) => {
    expect(toProviderUnits(money(minor, currency), units)).toBe(value);
    if (value !== undefined) expect(fromProviderUnits(value, currency.toLowerCase(), units)).toEqual({ minor, currency });
  });

  it.each([
    [1_250, 'EUR', '12.50'],
    [5, 'USD', '0.05'],
    [0, 'USD', '0.00'],
    [1_250, 'JPY', '1250'],
    [1_200, 'HUF', '12'],
    [1_250, 'HUF', undefined],
    [300, 'TWD', '3'],
  ])('PayPal: %d %s is %s', (minor, currency, text) => {
    expect(toDecimalText(money(minor, currency), paypalUnits)).toBe(text);
  });

  it.each([
    [1, 'XXX'],
    ['1', 'EUR'],
    [1.5, 'EUR'],
    [4_010, 'ISK'],
    [1, null],
  ])('%p %p is no amount', (value, currency) => {
    expect(fromProviderUnits(value, currency, adyenUnits)).toBeUndefined();
  });

  it('what can be said comes back as it was, in every currency', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.integer({ min: 0, max: 1_000_000_000 }),
        fc.constantFrom(stripeUnits, adyenUnits, paypalUnits),
        (currency, minor, units) => {
          const value = toProviderUnits({ minor, currency }, units);
          if (value !== undefined) expect(fromProviderUnits(value, currency, units)).toEqual({ minor, currency });
        },
      ),
    );
  });
});

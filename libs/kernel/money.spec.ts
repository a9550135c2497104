import fc from 'fast-check';
import { formatMoney } from '#kernel/money-format';
import { currencies, isCurrency, minorUnitDigits } from '#kernel/currency';
import { addMinor, addMoney, money, safeMinor, subtractMoney } from '#kernel/money';

const amount = fc.integer({ min: -(2 ** 51), max: 2 ** 51 });

describe('money', () => {
  it('is a safe integer of minor units, and nothing else', () => {
    for (const wrong of [0.5, NaN, Infinity, 2 ** 53, -(2 ** 53)]) {
      expect(() => money(wrong, 'EUR')).toThrow(RangeError);
      expect(() => safeMinor(wrong)).toThrow('safe integer');
    }
    expect(money(Number.MAX_SAFE_INTEGER, 'EUR').minor).toBe(Number.MAX_SAFE_INTEGER);
  });

  it('a sum that leaves the safe range throws instead of losing cents', () => {
    expect(() => addMinor(Number.MAX_SAFE_INTEGER, 1)).toThrow(RangeError);
    expect(() => addMoney(money(Number.MAX_SAFE_INTEGER, 'EUR'), money(1, 'EUR'))).toThrow(RangeError);
    expect(() => subtractMoney(money(Number.MIN_SAFE_INTEGER, 'EUR'), money(1, 'EUR'))).toThrow(RangeError);
  });

  it('of two currencies is never added or taken away', () => {
    expect(() => addMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('cannot combine EUR with USD');
    expect(() => subtractMoney(money(1, 'EUR'), money(1, 'USD'))).toThrow('cannot combine EUR with USD');
  });

  it('taken away again leaves what was there', () => {
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        expect(subtractMoney(addMoney(money(left, 'JPY'), money(right, 'JPY')), money(right, 'JPY'))).toEqual(money(left, 'JPY'));
      }),
    );
  });
});

describe('minor units', () => {
  it.each([
    ['JPY', 0],
    ['KRW', 0],
    ['ISK', 0],
    ['UGX', 0],
    ['EUR', 2],
    ['HUF', 2],
    ['IDR', 2],
    ['COP', 2],
    ['MRU', 2],
    ['MGA', 2],
    ['LAK', 2],
    ['KWD', 3],
    ['TND', 3],
    ['CLF', 4],
    ['UYW', 4],
  ])('%s has %i digits in ISO 4217', (code, digits) => {
    expect(minorUnitDigits(code)).toBe(digits);
  });

  it.each(['', 'eur', 'EURO', 'ZZZ', 'DEM', 'XAU', 'XDR', 'XTS', 'BTC', '__proto__', 'constructor'])(
    '%s is no currency',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(() => minorUnitDigits(code)).toThrow(RangeError);
    },
  );

  it('are known for the 165 active codes that have one and the six withdrawn since 2020', () => {
    expect(currencies).toHaveLength(new Set(currencies).size);
    expect(currencies).toHaveLength(165 + 6);
    expect(currencies.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
  });

  it('are not the digits that Intl rounds to', () => {
    const differs = currencies.filter((currency) => {
      const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
      return maximumFractionDigits !== minorUnitDigits(currency);
    });
    expect(differs).toEqual(expect.arrayContaining(['HUF', 'IDR', 'COP']));
  });
});

describe('money as people read it', () => {
  it.each([
    [1250, 'EUR', '12.50 EUR'],
    [1250, 'JPY', '1250 JPY'],
    [5, 'KWD', '0.005 KWD'],
    [-5, 'EUR', '-0.05 EUR'],
    [0, 'USD', '0.00 USD'],
    [12_345, 'CLF', '1.2345 CLF'],
    [Number.MAX_SAFE_INTEGER, 'EUR', '90071992547409.91 EUR'],
  ])('%i %s is %s', (minor, currency, text) => {
    expect(formatMoney({ minor, currency })).toBe(text);
  });

  it('says exactly what the minor units say', () => {
    fc.assert(
      fc.property(amount, fc.constantFrom(...currencies), (minor, currency) => {
        const digits = Number(formatMoney(money(minor, currency)).replace(/[. A-Z]/g, ''));
        expect(digits === minor).toBe(true);
      }),
    );
  });
});

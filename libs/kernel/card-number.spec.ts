import { isCardNumber } from '#kernel/card-number';

describe('a card number', () => {
  it.each([
    ['Visa', '4111111111111111'],
    ['Visa of 13 digits', '4222222222222'],
    ['Mastercard', '5555555555554444'],
    ['Mastercard of the second series', '2223003122003222'],
    ['Amex', '378282246310005'],
    ['Discover', '6011111111111117'],
    ['Diners', '30569309025904'],
    ['JCB', '3530111333300000'],
    ['UnionPay', '6200000000000005'],
    ['Maestro', '6759649826438453'],
    ['RuPay', '817200000000000' + luhnDigit('817200000000000')],
    ['Mir', '220020000000000' + luhnDigit('220020000000000')],
  ])('is seen whatever its network, with or without spaces: %s', (_, number) => {
    expect(isCardNumber(number)).toBe(true);
    expect(isCardNumber(number.replace(/(.{4})/g, '$1 ').trim())).toBe(true);
    expect(isCardNumber(number.replace(/(.{4})/g, '$1-').replace(/-$/, ''))).toBe(true);
  });

  it.each([
    ['a wrong check digit', '4111111111111112'],
    ['no network', '1234567812345670'],
    ['too few digits', '424242424242'],
    ['too many digits', '42424242424242424242'],
    ['letters', 'tok_4111111111111111'],
    ['a suffix', '4111111111111111x'],
    ['nothing', ''],
    ['spaces only', '                '],
  ])('is not: %s', (_, text) => {
    expect(isCardNumber(text)).toBe(false);
  });
});

function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, at) => {
    const weighed = Number(digit) * (at % 2 === 0 ? 2 : 1);
    return total + Math.floor(weighed / 10) + (weighed % 10);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

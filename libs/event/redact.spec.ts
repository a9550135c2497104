import fc from 'fast-check';
import { redactBytes, REDACTED_BYTES_MAX, redactText } from '#event/redact';

const redacted = (text: string): string => redactBytes(Buffer.from(text)).toString();

describe('card numbers in a dead letter', () => {
  it.each([
    ['{"fingerprint":"4111111111111111"}', '{"fingerprint":"************1111"}'],
    ['{"number":5555555555554444}', '{"number":************4444}'],
    ['{"text":"my card 4111 1111 1111 1111, thanks"', '{"text":"my card **** **** **** 1111, thanks"'],
    ['3782-822463-10005 expires 12/29', '****-******-*0005 expires 12/29'],
    ['4242424242424242 12', '************4242 12'],
    ['no json: {{ 6011111111111117 }', 'no json: {{ ************1117 }'],
    [String.raw`{"pan":"\u0034111111111111111"}`, '{"pan":"************1111"}'],
    ['99994111111111111111', '9999************1111'],
  ])('%s becomes %s', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  it.each([
    '{"id":"evt-1","time":"2026-06-11T14:00:00.000Z","amount":{"minor":1250,"currency":"EUR"}}',
    '{"last4":"4242","orderId":"4111111111111112"}',
    'Zürich 12 345 67 – 日本',
  ])('%s stays as it is', (text) => {
    expect(redacted(text)).toBe(text);
  });

  it('a Luhn-valid number of any network and any grouping is never shown whole', () => {
    fc.assert(
      fc.property(cardNumber(), fc.string({ unit: 'binary' }), fc.constantFrom('', ' ', '-', ' - '), (number, around, gap) => {
        const digits = (number.match(/.{1,4}/g) ?? []).join(gap);
        const shown = redacted(`${around}x${digits}x${around}`);
        expect(shown.replace(/[ -]/g, '')).not.toContain(number);
      }),
    );
  });
});

describe('secrets in a dead letter', () => {
  it.each([
    ['{"cvv":"123","minor":5}', '{"cvv":"***","minor":5}'],
    ['{"cvc": 123, "minor": 5}', '{"cvc": "***", "minor": 5}'],
    ['{"password":"a\\"b","x":1}', '{"password":"***","x":1}'],
    ['{"client_secret":"pi_1_secret_2"', '{"client_secret":"***"'],
    ['{"note":"Bearer abcdef123456"}', '{"note":"Bearer ***"}'],
    ['key sk_live_abcdef123456 used', 'key sk_live_*** used'],
    ['{"password":"cut off', '{"password":"***"'],
  ])('%s becomes %s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });
});

describe('the bytes of a dead letter', () => {
  it('that are no UTF-8 stay as they were', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80, 0x7b]);
    expect(redactBytes(bytes)).toEqual(bytes);
  });

  it.each(['4', '\\', '"password":', '4111-', '{"cvv":"\\'])(
    'are bounded, and so is the time for a worst case of %s',
    (piece) => {
      const started = process.hrtime.bigint();
      const bytes = redactBytes(Buffer.from(piece.repeat(1_000_000)));
      expect(bytes.length).toBeLessThanOrEqual(3 * REDACTED_BYTES_MAX);
      expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(2_000);
    },
  );
});

/** 13 to 19 digits whose last one makes the Luhn sum a multiple of ten, reckoned by hand. */
function cardNumber(): fc.Arbitrary<string> {
  return fc.array(fc.nat(9), { minLength: 12, maxLength: 18 }).map((digits) => {
    const sum = [...digits].reverse().reduce((total, digit, at) => {
      const weighed = at % 2 === 0 ? digit * 2 : digit;
      return total + Math.floor(weighed / 10) + (weighed % 10);
    }, 0);
    return digits.join('') + ((10 - (sum % 10)) % 10);
  });
}

import fc, { type Arbitrary } from 'fast-check';
import { createDecoder } from '#event/decode';
import { redactBytes } from '#event/redact';
import { anyEventJson } from '#test/property/event-arbitrary';
import { runs } from '#test/laws/runs';

const decode = createDecoder({ ignoredTypes: ['ignored.type'], maxBytes: 100_000 });

/** Wrong in the ways that producers are wrong: cut, overwritten, another value in a field's place, names that objects inherit. */
const mutated: Arbitrary<Buffer> = fc.oneof(
  fc.tuple(anyEventJson(), fc.nat()).map(([event, cut]) => {
    const whole = Buffer.from(JSON.stringify(event));
    return whole.subarray(0, cut % whole.length);
  }),
  fc.tuple(anyEventJson(), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 5 })).map(([event, bytes]) => {
    const whole = Buffer.from(JSON.stringify(event));
    for (const [at, byte] of bytes) whole[at % whole.length] = byte;
    return whole;
  }),
  fc.tuple(anyEventJson(), fc.nat(), oddValue()).map(([event, at, value]) => {
    const names = Object.keys(event.data);
    const name = names[at % names.length] ?? 'accountId';
    return Buffer.from(
      JSON.stringify({ ...event, data: { ...event.data, [name]: 0 } }).replace(`"${name}":0`, `"${name}":${value}`),
    );
  }),
  fc
    .tuple(anyEventJson(), fc.constantFrom('specversion', 'id', 'source', 'type', 'time', 'data', 'data_base64'), oddValue())
    .map(([event, name, value]) =>
      Buffer.from(JSON.stringify({ ...event, [name]: 0 }).replace(`"${name}":0`, `"${name}":${value}`)),
    ),
);

function oddValue(): Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      '1e999',
      '-1e999',
      '9007199254740993',
      '-0',
      '4111111111111111',
      '"\\ud800"',
      '"\\u0000"',
      '{"__proto__":{"accountId":"a"}}',
      '{"constructor":{"prototype":1},"toString":2,"hasOwnProperty":null}',
      '{"__proto__":null,"length":4294967295}',
      '"ignored.type"',
      '"__proto__"',
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
      `"${'4'.repeat(5_000)}"`,
    ),
    fc.json(),
  );
}

const headers: Arbitrary<Record<string, string> | undefined> = fc.option(
  fc.dictionary(
    fc.constantFrom('ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_time', 'content-type', '__proto__', 'other'),
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('1.0', 'order.confirmed', '2026-06-11T14:10:00Z', 'application/cloudevents'),
    ),
  ),
  { nil: undefined },
);

const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  mutated,
);

describe('whatever the bytes and headers', () => {
  it('decoding answers with an event, an error or that the type is ignored, and never throws', () => {
    fc.assert(
      fc.property(anyBytes, headers, (bytes, given) => {
        const decoded = decode(bytes, given);
        if (decoded === 'ignored') return;
        if (decoded.ok) {
          expect(Number.isSafeInteger(decoded.value.at)).toBe(true);
          expect(decoded.value.fingerprint).toBe(decoded.value.fingerprint >>> 0);
          expect(JSON.stringify(decoded.value)).not.toContain('\\u0000');
          return;
        }
        const { reason, pointer, expected, found, id = '', source = '' } = decoded.error;
        expect(['not-json', 'invalid-event', 'unknown-type', 'too-large']).toContain(reason);
        expect(pointer === '' || pointer.startsWith('/')).toBe(true);
        expect([typeof expected, typeof found, expected.length > 0]).toEqual(['string', 'string', true]);
        for (const text of [pointer, found, id, source]) expect(/\p{Surrogate}|\0/u.test(text)).toBe(false);
      }),
      runs(5_000),
    );
  });

  it('the same bytes give the same answer', () => {
    fc.assert(fc.property(anyBytes, headers, (bytes, given) => expect(decode(bytes, given)).toEqual(decode(bytes, given))));
  });

  it('redaction answers too', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => Buffer.isBuffer(redactBytes(bytes))),
      runs(2_000),
    );
  });

  it('nothing is inherited: __proto__ in the JSON gives no field', () => {
    const text =
      '{"specversion":"1.0","id":"e","source":"s","type":"order.confirmed","time":"2026-06-11T14:10:00Z","data":{"orderId":"o","__proto__":{"accountId":"a"}}}';
    expect(decode(Buffer.from(text))).toMatchObject({ ok: false, error: { pointer: '/data/accountId', found: 'nothing' } });
  });
});

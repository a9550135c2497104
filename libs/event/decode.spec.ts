import fc from 'fast-check';
import { createDecoder, EVENT_BYTES_MAX } from '#event/decode';
import type { AnyEvent, DecodeError } from '#event/event';
import { eventTypes } from '#event/types';
import { anyEventJson } from '#test/property/event-arbitrary';
import { runs } from '#test/laws/runs';

const decode = createDecoder();
const bytes = (value: unknown): Buffer => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));

const confirmed = (change: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  id: 'e1',
  source: '/platform',
  type: 'order.confirmed',
  time: '2026-06-11T14:10:00Z',
  data: { accountId: 'buyer', orderId: 'order-1' },
  ...change,
});

function eventOf(value: unknown, headers?: Record<string, string>): AnyEvent {
  const decoded = decode(bytes(value), headers);
  if (decoded === 'ignored' || !decoded.ok) throw new Error(`expected an event: ${JSON.stringify(decoded)}`);
  return decoded.value;
}

function errorOf(value: Buffer | null, headers?: Record<string, string>, decoder = decode): DecodeError {
  const decoded = decoder(value, headers);
  if (decoded === 'ignored' || decoded.ok) throw new Error(`expected an error: ${JSON.stringify(decoded)}`);
  return decoded.error;
}

describe('every type of the contract', () => {
  it('decodes to what was written: type, identity, instant, account and data with its unknown fields', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyEventJson(), fc.jsonValue({ maxDepth: 3 }), (written, extra) => {
        fc.pre(!JSON.stringify(extra).includes('\\u'));
        const data = { ...written.data, unknownField: extra };
        const event = eventOf({ ...written, data });
        seen.add(event.type);
        expect(event).toMatchObject({ type: written.type, id: written.id, source: written.source, at: Date.parse(written.time) });
        expect(JSON.stringify(event.data)).toBe(JSON.stringify(data));
        expect(event.accountId).toBe(written.data['accountId'] ?? '');
      }),
      runs(1_500),
    );
    expect([...seen].sort()).toEqual([...eventTypes].sort());
  });

  it('in binary mode decodes to the same event as in structured mode', () => {
    fc.assert(
      fc.property(anyEventJson(), ({ data, ...attributes }) => {
        const headers = Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)]));
        expect(eventOf(data, { ...headers, 'content-type': 'application/json' })).toEqual(eventOf({ ...attributes, data }));
      }),
    );
  });
});

describe('modes of CloudEvents', () => {
  it.each([
    ['no headers', undefined],
    ['the structured content type', { 'content-type': 'application/cloudevents+json; charset=utf-8' }],
    ['another content type and no ce_ header', { 'content-type': 'application/octet-stream' }],
    ['the structured content type beside ce_ headers', { 'content-type': 'application/cloudevents+json', ce_id: 'other' }],
  ])('with %s the value is the event', (_, headers) => {
    expect(eventOf(confirmed(), headers).id).toBe('e1');
  });

  it('with ce_ headers the value is the data, and a missing attribute is named', () => {
    const headers = { ce_specversion: '1.0', ce_id: 'e1', ce_source: '/platform', ce_type: 'order.confirmed' };
    expect(errorOf(bytes({ accountId: 'buyer', orderId: 'o' }), headers)).toMatchObject({ pointer: '/time', found: 'nothing' });
  });

  it('data_base64 holds the same JSON as bytes, and never stands beside data', () => {
    const { data, ...attributes } = confirmed();
    const encoded = { ...attributes, data_base64: bytes(data).toString('base64') };
    expect(eventOf(encoded)).toEqual(eventOf(confirmed()));
    expect(errorOf(bytes({ ...encoded, data }))).toMatchObject({ reason: 'invalid-event', pointer: '/data' });
  });

  it('a byte order mark before the JSON is skipped', () => {
    expect(eventOf(`\uFEFF${JSON.stringify(confirmed())}`).id).toBe('e1');
  });
});

describe('what is no event says where, what was expected and what was found', () => {
  const payment = {
    accountId: 'buyer',
    paymentId: 'pay-1',
    merchantId: 'shop',
    amount: { minor: 100, currency: 'EUR' },
    instrument: { kind: 'card', fingerprint: 'tok_1' },
  };
  const captured = (change: Record<string, unknown>) => confirmed({ type: 'payment.captured', data: { ...payment, ...change } });

  it.each<[string, unknown, Partial<DecodeError>]>([
    ['text that is no JSON', '{', { reason: 'not-json', pointer: '' }],
    ['no bytes', '', { reason: 'not-json', found: 'no bytes' }],
    ['JSON that is no object', '[]', { reason: 'invalid-event', pointer: '', found: 'a list of 0' }],
    ['another version', confirmed({ specversion: '0.3' }), { pointer: '/specversion', expected: '"1.0"', found: '"0.3"' }],
    ['an empty id', confirmed({ id: '' }), { pointer: '/id' }],
    ['an id that is a number', confirmed({ id: 7 }), { pointer: '/id', found: '7' }],
    ['an id with a line break', confirmed({ id: 'a\nb' }), { pointer: '/id' }],
    ['no source', confirmed({ source: undefined }), { pointer: '/source', found: 'nothing', id: 'e1' }],
    [
      'a type that nobody knows',
      confirmed({ type: 'basket.abandoned' }),
      { reason: 'unknown-type', found: '"basket.abandoned"' },
    ],
    ['a type named like a method', confirmed({ type: 'constructor' }), { reason: 'unknown-type' }],
    ['a time without offset', confirmed({ time: '2026-06-11T14:10:00' }), { pointer: '/time', found: '"2026-06-11T14:10:00"' }],
    ['a day that its month has not', confirmed({ time: '2026-02-30T00:00:00Z' }), { pointer: '/time' }],
    ['no data', confirmed({ data: undefined }), { pointer: '/data', found: 'nothing' }],
    ['data that is a list', confirmed({ data: [] }), { pointer: '/data', found: 'a list of 0' }],
    ['a missing field', confirmed({ data: { accountId: 'b' } }), { pointer: '/data/orderId', found: 'nothing' }],
    ['null for a field', confirmed({ data: { accountId: null, orderId: 'o' } }), { pointer: '/data/accountId', found: 'null' }],
    ['part of a cent', captured({ amount: { minor: 1.5, currency: 'EUR' } }), { pointer: '/data/amount/minor', found: '1.5' }],
    ['money below zero', captured({ amount: { minor: -1, currency: 'EUR' } }), { pointer: '/data/amount/minor', found: '-1' }],
    ['money as text', captured({ amount: { minor: '100', currency: 'EUR' } }), { pointer: '/data/amount/minor' }],
    ['money beyond safe', captured({ amount: { minor: 2 ** 53, currency: 'EUR' } }), { pointer: '/data/amount/minor' }],
    [
      'no such currency',
      captured({ amount: { minor: 1, currency: 'EURO' } }),
      { pointer: '/data/amount/currency', found: '"EURO"' },
    ],
    ['gold', captured({ amount: { minor: 1, currency: 'XAU' } }), { pointer: '/data/amount/currency' }],
    [
      'a kind that is none',
      captured({ instrument: { kind: 'cash', fingerprint: 'f' } }),
      { pointer: '/data/instrument/kind', found: '"cash"' },
    ],
    [
      'a bad time in data',
      captured({ type: 'x', captureId: 'c', context: { lat: 91 } }),
      { pointer: '/data/context/lat', found: '91' },
    ],
  ])('%s', (_, value, expected) => {
    expect(errorOf(bytes(value))).toMatchObject({ reason: 'invalid-event', ...expected });
  });

  it('bytes that are not UTF-8 are refused, since replacing them would make two ids one', () => {
    const broken = Buffer.from(JSON.stringify(confirmed({ id: 'e?' })), 'latin1');
    broken[broken.indexOf('?')] = 0xff;
    expect(errorOf(broken)).toMatchObject({ reason: 'not-json', found: 'bytes that are not UTF-8' });
    expect(eventOf(confirmed({ id: 'e\uFFFD' })).id).toBe('e\uFFFD');
  });

  it('a value that is too long is not even parsed', () => {
    const long = bytes(confirmed({ data: { accountId: 'b', orderId: 'o', padding: 'x'.repeat(EVENT_BYTES_MAX) } }));
    expect(errorOf(long)).toMatchObject({ reason: 'too-large', expected: `at most ${EVENT_BYTES_MAX} bytes` });
    expect(createDecoder({ maxBytes: 10 * EVENT_BYTES_MAX })(long)).toMatchObject({ ok: true });
  });

  it('a tombstone is no event', () => {
    expect(errorOf(null)).toMatchObject({ reason: 'not-json', found: 'no value' });
  });

  it('data nested beyond the bound is refused, however deep', () => {
    const nested = (levels: number) =>
      JSON.stringify(confirmed()).replace('"order-1"', `"order-1","x":${'['.repeat(levels)}${']'.repeat(levels)}`);
    expect(eventOf(nested(63)).type).toBe('order.confirmed');
    expect(errorOf(bytes(nested(64)))).toMatchObject({ reason: 'invalid-event', pointer: '/data' });
    expect(errorOf(bytes(nested(200_000)))).toMatchObject({ reason: 'invalid-event', pointer: '/data' });
  });

  it.each([
    ['\\ud800', '/data/note'],
    ['\\u0000', '/data/note'],
  ])('text that no database can hold is refused: %s', (escape, pointer) => {
    const text = JSON.stringify(confirmed()).replace('"order-1"', `"order-1","note":"a${escape}b"`);
    expect(errorOf(bytes(text))).toMatchObject({ reason: 'invalid-event', pointer });
    expect(eventOf(text.replace(escape, '\\u00e9')).type).toBe('order.confirmed');
  });

  it('an error tells only identities that a database can hold', () => {
    const error = errorOf(bytes(JSON.stringify(confirmed({ specversion: '2' })).replace('"e1"', '"a\\u0000\\ud800b"')));
    expect(error.id).toBe('a\uFFFD\uFFFDb');
  });
});

describe('card numbers', () => {
  const added = (fingerprint: string) =>
    bytes(confirmed({ type: 'account.instrument_added', data: { accountId: 'b', instrument: { kind: 'card', fingerprint } } }));

  it.each(['4111111111111111', '4111 1111 1111 1111', '3782-822463-10005', '5555555555554444', '2221000000000009'])(
    '%s is no fingerprint, and no error shows it',
    (number) => {
      const error = errorOf(added(number));
      expect(error).toMatchObject({ reason: 'invalid-event', pointer: '/data/instrument/fingerprint' });
      expect(JSON.stringify(error)).not.toContain(number.slice(0, 12));
    },
  );

  it.each(['4111111111111112', 'tok_4111111111111111', '1718100000005', 'fp-1'])('%s is a token', (token) => {
    expect(decode(added(token))).toMatchObject({ ok: true });
  });

  it('an event id that is a card number is masked in the error', () => {
    expect(errorOf(bytes(confirmed({ id: '4111111111111111', data: 1 }))).id).toBe('************1111');
  });
});

describe('types to be ignored', () => {
  it('are passed over, whatever else is wrong with them; all others are judged', () => {
    const decoder = createDecoder({ ignoredTypes: ['basket.abandoned'] });
    expect(decoder(bytes({ type: 'basket.abandoned' }))).toBe('ignored');
    expect(errorOf(bytes(confirmed({ type: 'basket.filled' })), undefined, decoder).reason).toBe('unknown-type');
  });
});

describe('fingerprint', () => {
  const fingerprint = (value: unknown): number => eventOf(value).fingerprint;

  it('is the same whatever the order of fields, and however the time is written', () => {
    const { specversion, data, ...rest } = confirmed();
    const reordered = { data: { orderId: data.orderId, accountId: data.accountId }, ...rest, specversion };
    const first = fingerprint(confirmed());
    expect(fingerprint(reordered)).toBe(first);
    expect(fingerprint(confirmed({ time: '2026-06-11T16:10:00.000+02:00' }))).toBe(first);
    expect(fingerprint(confirmed({ subject: 'not content' }))).toBe(first);
  });

  it.each<[string, Record<string, unknown>]>([
    ['type', { type: 'order.cancelled' }],
    ['time', { time: '2026-06-11T14:10:00.001Z' }],
    ['a value', { data: { accountId: 'buyer', orderId: 'order-2' } }],
    ['values that changed places', { data: { accountId: 'order-1', orderId: 'buyer' } }],
    ['a field more', { data: { accountId: 'buyer', orderId: 'order-1', reason: '' } }],
    ['an unknown field', { data: { accountId: 'buyer', orderId: 'order-1', extra: false } }],
  ])('another %s is another fingerprint', (_, change) => {
    expect(fingerprint(confirmed(change))).not.toBe(fingerprint(confirmed()));
  });
});

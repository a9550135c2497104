import { Webhook } from 'standardwebhooks';
import fc from 'fast-check';
import { findSignatureFault, secretBytes, signBody } from '#hook/sign';

const secretOf = (fill: number): string => `whsec_${Buffer.alloc(32, fill).toString('base64')}`;
const now = Date.now();
const sign = (body: string, secrets: readonly string[], at = now) => signBody({ id: 'msg_1', at, body, secrets });

describe('signatures', () => {
  it('are those of the Standard Webhooks reference library, for any body', () => {
    fc.assert(
      fc.property(fc.json(), fc.uint8Array({ minLength: 24, maxLength: 64 }), (body, key) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const headers = sign(body, [secret]);
        expect(headers['webhook-signature']).toBe(new Webhook(secret).sign('msg_1', new Date(now), body));
        expect(new Webhook(secret).verify(body, { ...headers })).toEqual(JSON.parse(body));
        expect(findSignatureFault(headers, body, [secret], now)).toBeUndefined();
      }),
    );
  });

  it('verify under the old and the new secret while it is changed', () => {
    const headers = sign('{}', [secretOf(2), secretOf(1)]);
    for (const fill of [1, 2]) expect(() => new Webhook(secretOf(fill)).verify('{}', { ...headers })).not.toThrow();
    expect(findSignatureFault(sign('{}', [secretOf(1)]), '{}', [secretOf(2), secretOf(1)], now)).toBeUndefined();
  });

  it('of another body, secret, id or time do not verify', () => {
    const headers = sign('{"a":1}', [secretOf(1)]);
    expect(findSignatureFault(headers, '{"a":2}', [secretOf(1)], now)).toBe('no-match');
    expect(findSignatureFault(headers, '{"a":1}', [secretOf(2)], now)).toBe('no-match');
    expect(findSignatureFault({ ...headers, 'webhook-id': 'msg_2' }, '{"a":1}', [secretOf(1)], now)).toBe('no-match');
    expect(findSignatureFault(headers, '{"a":1}', [secretOf(1)], now + 302_000)).toBe('too-old');
    expect(findSignatureFault(headers, '{"a":1}', [secretOf(1)], now - 302_000)).toBe('too-new');
    expect(findSignatureFault({}, '{"a":1}', [secretOf(1)], now)).toBe('header-missing');
    expect(findSignatureFault({ ...headers, 'webhook-signature': 'v1,' }, '{"a":1}', [secretOf(1)], now)).toBe('no-match');
  });

  it('nothing is signed with an empty or a short key', () => {
    for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=']) expect(() => secretBytes(secret)).toThrow('a webhook secret has');
  });
});

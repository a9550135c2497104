import fc from 'fast-check';
import { createDecoder } from '#event/decode';
import { type RawLayout, readRaw, requiredFields } from '#event/raw-layout';
import { stripeCharge, stripeEvent } from '#test/providers/webhooks';

const layout: RawLayout = {
  source: '/legacy',
  type: { at: '/type', values: { 'charge.captured': 'payment.captured' }, ignore: ['charge.updated'] },
  id: '/id',
  time: { at: '/created', as: 'seconds' },
  fields: {
    '/accountId': '/data/object/customer',
    '/paymentId': '/data/object/payment_intent',
    '/orderId': '/data/object/metadata/orderId',
    '/merchantId': { value: 'shop' },
    '/provider': { value: 'legacy' },
    '/amount/minor': '/data/object/amount_captured',
    '/amount/currency': { at: '/data/object/currency', as: 'upper' },
    '/instrument/kind': { value: 'card' },
    '/instrument/fingerprint': '/data/object/payment_method_details/card/fingerprint',
    '/instrument/scheme': { at: '/data/object/payment_method_details/card/brand', as: 'lower' },
  },
};
const decode = createDecoder();
const decodeRaw = (raw: unknown, of: RawLayout = layout) => {
  const read = readRaw(of, raw);
  if (read === 'ignored' || !read.ok) throw new Error(JSON.stringify(read));
  return decode(Buffer.from(JSON.stringify(read.value)));
};

describe('a record of another layout', () => {
  it('is an event of ours by pointers alone', () => {
    expect(decodeRaw(stripeEvent('charge.captured', stripeCharge()))).toMatchObject({
      ok: true,
      value: {
        type: 'payment.captured',
        id: 'evt_1',
        source: '/legacy',
        at: 1_780_000_000_000,
        accountId: 'cus_1',
        data: {
          paymentId: 'pi_1',
          orderId: 'order-1',
          merchantId: 'shop',
          amount: { minor: 5_000, currency: 'EUR' },
          instrument: { kind: 'card', fingerprint: 'fp_1', scheme: 'visa' },
        },
      },
    });
  });

  it('leaves out what the record does not have, and the decoder says what is missing', () => {
    expect(decodeRaw(stripeEvent('charge.captured', stripeCharge({ metadata: null })))).toMatchObject({ ok: true });
    expect(decodeRaw(stripeEvent('charge.captured', stripeCharge({ customer: null })))).toMatchObject({
      error: { reason: 'invalid-event', pointer: '/data/accountId' },
    });
  });

  it('is passed over where the layout says so, and of no type that the layout knows otherwise', () => {
    expect(readRaw(layout, { type: 'charge.updated' })).toBe('ignored');
    expect(readRaw(layout, { type: 'constructor' })).toMatchObject({
      ok: false,
      error: { pointer: '/type', expected: 'one of charge.captured' },
    });
    expect(readRaw(layout, null)).toMatchObject({ ok: false });
  });

  it.each([
    ['12.50', 'EUR', 1_250],
    [12.5, 'EUR', 1_250],
    ['12', 'EUR', 1_200],
    ['1250.00', 'JPY', 1_250],
    ['5.124', 'KWD', 5_124],
    ['12.505', 'EUR', undefined],
    ['12,50', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
  ])('the decimal amount %p %s is %p minor units', (amount, currency, minor) => {
    const fields = { ...layout.fields, '/amount/minor': { at: '/total', as: 'decimal' as const }, '/amount/currency': '/in' };
    const decoded = decodeRaw(
      { ...stripeEvent('charge.captured', stripeCharge()), total: amount, in: currency },
      { ...layout, fields },
    );
    if (minor === undefined) expect(decoded).toMatchObject({ error: { pointer: '/data/amount/minor' } });
    else expect(decoded).toMatchObject({ value: { data: { amount: { minor, currency } } } });
  });

  it('reads names with slashes and tildes, and numbers as ids', () => {
    const read = readRaw({ ...layout, id: '/a~1b~0c' }, { type: 'charge.captured', 'a/b~c': 7 });
    expect(read).toMatchObject({ ok: true, value: { id: '7' } });
  });

  it('never throws, whatever the record', () => {
    fc.assert(fc.property(fc.anything(), (raw) => void readRaw(layout, raw)));
  });

  it('needs what each event needs', () => {
    expect(requiredFields['payment.captured']).toEqual(['accountId', 'paymentId', 'merchantId', 'amount', 'instrument']);
    expect(requiredFields['statement.line']).not.toContain('accountId');
  });
});

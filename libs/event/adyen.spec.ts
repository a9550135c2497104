import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tellAdyen } from '#event/adyen';
import { createDecoder } from '#event/decode';
import { fieldsOf, type Told } from '#event/provider-webhook';
import { adyenItem } from '#test/providers/webhooks';

const decode = createDecoder();
const settings = { capturesAtOnce: false };
const eventsOf = (told: Told) => {
  if (told.kind !== 'events') throw new Error(`expected events, found ${JSON.stringify(told)}`);
  return told.events.map((event) => {
    const decoded = decode(Buffer.from(JSON.stringify({ specversion: '1.0', ...event })));
    if (decoded === 'ignored' || !decoded.ok) throw new Error(JSON.stringify(decoded));
    return decoded.value;
  });
};

describe('what Adyen tells', () => {
  it('an authorisation is a hold of the payment that its pspReference names', () => {
    const { originalReference: _, ...item } = adyenItem('AUTHORISATION', {
      additionalData: { alias: 'H1', cardSummary: '1111', cardIssuingCountry: 'NL' },
    });
    expect(eventsOf(tellAdyen(item, settings))).toMatchObject([
      {
        type: 'payment.authorised',
        source: '/adyen/Shop',
        at: Date.parse('2026-06-01T10:00:00Z'),
        accountId: 'buyer-1',
        data: {
          paymentId: 'PSPMODIFIED00001',
          orderId: 'order-1',
          merchantId: 'Shop',
          provider: 'adyen',
          amount: { minor: 5_000, currency: 'EUR' },
          instrument: { kind: 'card', fingerprint: 'H1', scheme: 'visa', last4: '1111', country: 'NL' },
        },
      },
    ]);
  });

  it('where the account captures at once it is a capture as well, under another id', () => {
    const events = eventsOf(tellAdyen(adyenItem('AUTHORISATION'), { capturesAtOnce: true }));
    expect(events.map(({ type }) => type)).toEqual(['payment.authorised', 'payment.captured']);
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });

  it.each([
    ['AUTHORISATION', { success: 'false', reason: 'Refused' }, 'payment.failed', {}],
    ['CAPTURE', {}, 'payment.captured', { captureId: 'PSPMODIFIED00001' }],
    ['CAPTURE_FAILED', {}, 'payment.failed', {}],
    ['CANCELLATION', {}, 'payment.voided', {}],
    ['TECHNICAL_CANCEL', {}, 'payment.voided', {}],
    ['CANCEL_OR_REFUND', { additionalData: { 'modification.action': 'cancel' } }, 'payment.voided', {}],
    ['CANCEL_OR_REFUND', { additionalData: { 'modification.action': 'refund' } }, 'refund.succeeded', {}],
    ['EXPIRE', {}, 'payment.expired', {}],
    ['REFUND', {}, 'refund.succeeded', { refundId: 'PSPMODIFIED00001', amount: { minor: 5_000, currency: 'EUR' } }],
    ['REFUND', { success: 'false', reason: 'Insufficient balance' }, 'refund.failed', { reason: 'Insufficient balance' }],
    ['REFUND_FAILED', {}, 'refund.failed', {}],
    ['REFUNDED_REVERSED', {}, 'refund.failed', {}],
    [
      'CHARGEBACK',
      { additionalData: { chargebackReasonCode: '10.4', chargebackSchemeCode: 'visa' } },
      'chargeback.opened',
      { reasonCode: '10.4', scheme: 'visa' },
    ],
    ['CHARGEBACK_REVERSED', {}, 'chargeback.closed', { outcome: 'merchant' }],
    ['SECOND_CHARGEBACK', {}, 'chargeback.closed', { outcome: 'buyer' }],
  ])('%s %j is %s', (code, patch, type, data) => {
    const [event] = eventsOf(tellAdyen(adyenItem(code, patch), settings));
    const payment = code === 'AUTHORISATION' ? {} : { paymentId: 'PSPPAYMENT000001' };
    expect(event).toMatchObject({ type, accountId: 'buyer-1', data: { ...payment, ...data } });
  });

  it('our own refund goes by the reference that we gave it', () => {
    const merchantReference = `key-${'0'.repeat(32)}`;
    expect(eventsOf(tellAdyen(adyenItem('REFUND', { merchantReference }), settings))[0]).toMatchObject({
      data: { refundId: merchantReference },
    });
  });

  it.each([
    ['ISK', 500, 5],
    ['CLP', 99_000, 990],
    ['IDR', 123, 12_300],
    ['CVE', 123, 12_300],
    ['KWD', 5_124, 5_124],
  ])('%s %d is %d of our minor units', (currency, value, minor) => {
    const [event] = eventsOf(tellAdyen(adyenItem('REFUND', { amount: { currency, value } }), settings));
    expect(event!.data).toMatchObject({ amount: { minor, currency } });
  });

  it('a capture or cancellation that did not come about changes nothing; a new code about payments is kept', () => {
    for (const code of ['CAPTURE', 'CANCELLATION'])
      expect(tellAdyen(adyenItem(code, { success: 'false' }), settings)).toEqual({ kind: 'ignored' });
    expect(tellAdyen(adyenItem('REPORT_AVAILABLE'), settings)).toEqual({ kind: 'ignored' });
    expect(tellAdyen(adyenItem('REFUND_OF_A_NEW_KIND'), settings)).toMatchObject({
      kind: 'unmapped',
      type: 'adyen.REFUND_OF_A_NEW_KIND',
    });
  });

  it.each(['CANCELLATION', 'TECHNICAL_CANCEL', 'CANCEL_OR_REFUND'])(
    'a void of ours that failed by %s is told under our key',
    (code) => {
      const merchantReference = `key-${'0a'.repeat(16)}`;
      expect(eventsOf(tellAdyen(adyenItem(code, { success: 'false', merchantReference }), settings))).toMatchObject([
        { type: 'refund.failed', data: { refundId: merchantReference, paymentId: 'PSPPAYMENT000001' } },
      ]);
    },
  );

  it('a redelivery is the same event, and another telling of the same thing is another', () => {
    const idOf = (patch = {}) => eventsOf(tellAdyen(adyenItem('CAPTURE', patch), settings))[0]!.id;
    expect(idOf()).toBe(idOf());
    expect(idOf({ eventDate: '2026-06-01T12:00:01+02:00' })).not.toBe(idOf());
  });

  const folder = join(__dirname, '../../../shared/data/provider_fixtures/adyen');
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.startsWith('notification__')) : [];
  it('the published fixtures about money lose no amount, reference or outcome, once the buyer is known', () => {
    const types = files.flatMap((file) => {
      const { notificationItems = [] } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        notificationItems?: { NotificationRequestItem: object }[];
      };
      return notificationItems.flatMap(({ NotificationRequestItem: item }) => {
        const { additionalData, amount, ...rest } = fieldsOf(item);
        const told = tellAdyen(
          { ...rest, amount, additionalData: { ...fieldsOf(additionalData), 'metadata.accountId': 'buyer-1' } },
          settings,
        );
        if (told.kind !== 'events') return [told.kind];
        return eventsOf(told).map(({ type, data }) => {
          const said = data as { paymentId: string; amount?: { minor: number; currency: string } };
          expect([rest['originalReference'], rest['pspReference']]).toContain(said.paymentId);
          if (said.amount !== undefined) expect({ value: said.amount.minor, currency: said.amount.currency }).toEqual(amount);
          return type;
        });
      });
    });
    const expected = [
      'payment.authorised',
      'payment.authorised',
      'payment.voided',
      'ignored',
      'payment.captured',
      'chargeback.opened',
      'ignored',
      'refund.failed',
      'refund.succeeded',
    ];
    expect(types.sort()).toEqual(files.length === 0 ? [] : expected.sort());
  });
});

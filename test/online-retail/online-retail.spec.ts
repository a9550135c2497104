import { createDecoder } from '#event/decode';
import { countFalseAlarms } from '#test/online-retail/count';
import { toEvents } from '#test/online-retail/events';
import { readOnlineRetail, type Invoice, type RefundLine } from '#test/online-retail/invoices';

const invoice = (change: Partial<Invoice>): Invoice => ({
  payment_id: '536365',
  kind: 'charge',
  ts: '2010-12-01T08:26:00Z',
  customer_id: '17850',
  currency: 'GBP',
  amount_minor: '13912',
  ...change,
});
const line = (change: Partial<RefundLine>): RefundLine => ({
  refund_invoice: 'C1',
  refund_ts: '2010-12-05 09:41:00',
  customer_id: '17850',
  quantity: '-3',
  unit_price: '1.1',
  orig_invoice: '536365',
  orig_ts: '2010-12-01 08:26:00',
  ...change,
});
const data = {
  invoices: [
    invoice({ payment_id: '2', ts: '2010-12-02T08:00:00Z' }),
    invoice({}),
    invoice({ payment_id: '3', customer_id: '' }),
    invoice({ payment_id: 'C1', kind: 'refund' }),
    invoice({ payment_id: 'A1', kind: 'adjustment', customer_id: '' }),
  ],
  refundLines: [line({}), line({ quantity: '-1', unit_price: '27.5' }), line({ orig_invoice: '' }), line({ orig_invoice: '3' })],
};

describe('online retail as events', () => {
  it('each charge of a known customer is one captured payment, by time, and refund lines of one purchase are one refund', () => {
    const events = toEvents(data, { orders: false });
    expect(events.map(({ id, time }) => `${id} ${time}`)).toEqual([
      'payment.captured/536365 2010-12-01T08:26:00.000Z',
      'payment.captured/2 2010-12-02T08:00:00.000Z',
      'refund.succeeded/C1/536365 2010-12-05T09:41:00.000Z',
    ]);
    expect(events[0]?.data['amount']).toEqual({ minor: 13912, currency: 'GBP' });
    expect(events[2]?.data['amount']).toEqual({ minor: 3080, currency: 'GBP' });
  });

  it('with orders each charge is placed before and confirmed after', () => {
    const types = toEvents(data, { orders: true }).map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(['order.placed', 'payment.captured', 'order.confirmed']);
  });

  it('every event decodes', () => {
    const decode = createDecoder();
    for (const event of toEvents(data, { orders: true })) {
      expect(decode(Buffer.from(JSON.stringify(event)))).toMatchObject({ ok: true });
    }
  });

  it('a folder that is absent gives nothing', () => {
    expect(readOnlineRetail('/nowhere')).toBeUndefined();
  });
});

describe('false alarms', () => {
  const charge = JSON.stringify({ type: 'payment.captured' });
  const finding = (findingId: string, confidence: string, kind = 'duplicate-charge', status = 'open') =>
    JSON.stringify({ findingId, kind, confidence, status });

  it('are findings that were ever open, each once at its highest confidence, per 10,000 charges', () => {
    const events = [...Array<string>(20_000).fill(charge), JSON.stringify({ type: 'refund.succeeded' })];
    const findings = [
      finding('f1', 'possible'),
      finding('f1', 'likely'),
      finding('f1', 'likely', 'duplicate-charge', 'cleared'),
      finding('f2', 'certain', 'paid-by-other-means'),
      finding('f3', 'possible'),
      finding('f4', 'certain', 'refund-amount-wrong'),
    ];
    expect(countFalseAlarms(events, findings)).toEqual({
      charges: 20_000,
      findings: { certain: 1, likely: 1, possible: 1 },
      per10000Charges: 1,
      per10000WithPossible: 1.5,
    });
  });
});

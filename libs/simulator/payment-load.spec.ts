import { createDecoder } from '#event/decode';
import { paymentLoad } from '#simulator/payment-load';

const options = { seed: 3, accounts: 200, events: 20_000, from: Date.UTC(2026, 10, 1), stepMs: 5, duplicateShare: 0.02 };

describe('payment load', () => {
  it('the same seed gives the same bytes', () => {
    expect([...paymentLoad(options)]).toEqual([...paymentLoad(options)]);
  });

  it('every event decodes, has the size asked for and belongs to the account of its key', () => {
    const decode = createDecoder();
    for (const { key, value, at } of paymentLoad(options)) {
      const decoded = decode(Buffer.from(value));
      if (decoded === 'ignored' || !decoded.ok) throw new Error(`${value}: ${JSON.stringify(decoded)}`);
      expect([decoded.value.accountId, decoded.value.at, value.length]).toEqual([key, at, 605]);
    }
  });

  it('an order is captured a second time exactly where it says so', () => {
    const captures = new Map<string, number>();
    let duplicates = 0;
    for (const { value, duplicate } of paymentLoad(options)) {
      const { type, data } = JSON.parse(value) as { type: string; data: { orderId: string } };
      if (type !== 'payment.captured') continue;
      const before = captures.get(data.orderId) ?? 0;
      captures.set(data.orderId, before + 1);
      expect(before > 0).toBe(duplicate);
      if (duplicate) duplicates += 1;
    }
    expect(duplicates).toBeGreaterThan(50);
  });
});

import fc from 'fast-check';
import { packBatch, unpackBatch } from '#stream/batch-transfer';

describe('a batch on its way to a worker', () => {
  it('arrives as it was sent', () => {
    const record = fc.record({
      offset: fc.nat(),
      key: fc.option(fc.string({ unit: 'grapheme' })),
      value: fc.option(fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes))),
      headers: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }),
      appendedAt: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), fc.option(fc.integer()), (records, until) => {
        const batch = { topic: 't', partition: 3, endOffset: 99, ...(until === null ? {} : { idleUntil: until }), records };
        const there = unpackBatch(structuredClone(packBatch(batch)));
        expect(there).toEqual(batch);
      }),
    );
  });
});

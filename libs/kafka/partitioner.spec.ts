import { partitionOf } from '#kafka/partitioner';

/** From Kafka's own UtilsTest.java: what murmur2 gives for these texts. */
const javaHashes: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

describe('partitionOf', () => {
  it.each(javaHashes)('puts %s where the Java producer puts it', (key, hash) => {
    for (const partitions of [1, 4, 8, 12]) expect(partitionOf(key, partitions)).toBe((hash & 0x7fffffff) % partitions);
  });
});

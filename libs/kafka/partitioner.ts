import { Partitioners } from 'kafkajs';

const partitionByKey = Partitioners.DefaultPartitioner();

/** The partition of a key as Java's producer chooses it (murmur2): other producers of the topic agree with us on who is where. */
export function partitionOf(key: string, partitions: number): number {
  return partitionByKey({ topic: '', partitionMetadata: metadataOf(partitions), message: { key, value: null } });
}

type Metadata = Parameters<typeof partitionByKey>[0]['partitionMetadata'];
const known = new Map<number, Metadata>();

/** The partitioner looks at nothing but how many there are. */
function metadataOf(partitions: number): Metadata {
  let metadata = known.get(partitions);
  if (metadata === undefined) {
    metadata = Array.from({ length: partitions }, (_, partitionId) => ({
      partitionId,
      partitionErrorCode: 0,
      leader: 0,
      replicas: [],
      isr: [],
    }));
    known.set(partitions, metadata);
  }
  return metadata;
}

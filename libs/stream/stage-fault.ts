import type { PartitionProgress } from '#stream/store';

/** A fault of ours at one record. The memory of the partition is not to be trusted after it. */
export class StageFault extends Error {
  constructor(
    stage: string,
    { topic, partition }: PartitionProgress,
    readonly offset: number,
    cause: unknown,
  ) {
    super(`${stage} at ${topic}/${partition} offset ${offset}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
    this.name = 'StageFault';
  }
}

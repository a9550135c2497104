/** No broker confirmed the append in time. Whether it is in the log is unknown: append again, readers know redeliveries by their ids. */
export class AppendTimeoutError extends Error {
  override readonly name = 'AppendTimeoutError';

  constructor(topic: string, partition: number, afterMs: number, cause: unknown) {
    super(`appending to ${topic}/${partition} was not confirmed within ${afterMs} ms`, { cause });
  }
}

const permanentTypes = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'SASL_AUTHENTICATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_RECORD',
  'INVALID_REQUIRED_ACKS',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
]);

/** Trying again changes nothing; a person must act. */
export const isPermanent = (error: unknown): boolean => typesOf(error).some((type) => permanentTypes.has(type));

export const isTooLarge = (error: unknown): boolean =>
  typesOf(error).some((type) => type === 'MESSAGE_TOO_LARGE' || type === 'RECORD_LIST_TOO_LARGE');

/** The broker's own error names, through kafkajs's wrappers. */
function typesOf(error: unknown): string[] {
  const types: string[] = [];
  for (let current = error; current instanceof Error; current = current.cause) {
    const { type } = current as { type?: unknown };
    if (typeof type === 'string') types.push(type);
  }
  return types;
}

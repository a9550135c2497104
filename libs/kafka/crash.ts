/** Why a consumer ended for good, in words that say what to do. */
export function describeCrash(error: Error, topics: readonly string[]): Error {
  const where = topics.join(', ');
  if (error.name === 'KafkaJSNotImplemented' || causeOf(error).name === 'KafkaJSNotImplemented') {
    const advice = 'set compression.type of the topic to gzip or uncompressed, or of its producers to gzip or none';
    return new Error(`records of ${where} are compressed in a way that is not built in (${error.message}): ${advice}`, {
      cause: error,
    });
  }
  return new Error(`reading ${where} ended: ${error.message}`, { cause: error });
}

function causeOf(error: Error): Error {
  let current = error;
  while (current.cause instanceof Error) current = current.cause;
  return current;
}

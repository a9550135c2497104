/** One thing that is wrong with the configuration. */
export interface ConfigFault {
  /** Where: a path such as `gateway.rate.burst`, with the environment variable or file that it came from. */
  readonly where: string;
  /** What is wrong and what to do. Never holds the value of a secret. */
  readonly message: string;
}

export const formatFaults = (faults: readonly ConfigFault[]): string =>
  [`${faults.length} fault${faults.length === 1 ? '' : 's'} in the configuration:`]
    .concat(faults.map(({ where, message }) => `  ${where}: ${message}`))
    .join('\n');

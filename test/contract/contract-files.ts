import { join } from 'node:path';
import { asyncApiDocument } from '#contract/asyncapi';
import { eventsJsonSchema } from '#event/json-schema';

interface ContractFile {
  readonly name: string;
  readonly path: string;
  make(): object;
}

/** The machine-readable contract: each file, and what it must hold. */
export const contractFiles: readonly ContractFile[] = [
  contractFile('events.schema.json', eventsJsonSchema),
  contractFile('asyncapi.json', asyncApiDocument),
];

function contractFile(name: string, make: () => object): ContractFile {
  return { name, path: join(__dirname, '..', '..', 'libs', 'contract', name), make };
}

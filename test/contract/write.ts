import { writeFileSync } from 'node:fs';
import { contractFiles } from '#test/contract/contract-files';

/** `npm run contract` writes the machine-readable contract from the schemas in the code. */
for (const { path, make } of contractFiles) writeFileSync(path, JSON.stringify(make()));

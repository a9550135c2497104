import fc from 'fast-check';
import { exploration, EXPLORING_MS } from './runs';

/** Before each file of tests: every property starts from one seed. */
const { runs, seed } = exploration();
fc.configureGlobal({ seed, ...(runs === undefined ? {} : { numRuns: runs }) });
if (runs !== undefined) jest.setTimeout(EXPLORING_MS);

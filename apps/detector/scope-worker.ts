import { parentPort, workerData } from 'node:worker_threads';
import { type ScopeThread, scopeThreadHost } from '#apps/detector/scope-host';
import { armFailpoint } from '#stream/failpoint';
import { serveStage } from '#stream/serve-stage';

/** The worker thread of the scope stage. */
const thread = workerData as ScopeThread;
armFailpoint(thread.failpoint);
serveStage(parentPort!, (listener) => scopeThreadHost(thread, listener));

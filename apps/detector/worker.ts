import { parentPort, workerData } from 'node:worker_threads';
import { type DetectorThread, threadHost } from '#apps/detector/detector-host';
import { armFailpoint } from '#stream/failpoint';
import { serveStage } from '#stream/serve-stage';

/** A worker thread of the detector: it decodes, folds, detects and commits the partitions it is given, over its own connections. */
const thread = workerData as DetectorThread;
armFailpoint(thread.failpoint);
serveStage(parentPort!, (listener) => threadHost(thread, listener));

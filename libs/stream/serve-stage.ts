import type { MessagePort } from 'node:worker_threads';
import { unpackBatch } from '#stream/batch-transfer';
import type { HostListener, StageHost } from '#stream/stage-host';
import type { WorkerMessage, WorkerRequest } from '#stream/worker-host';

/** The worker's end of a `workerHost`: answers its calls with a host of this thread, and ends the thread when told to stop. */
export function serveStage(port: MessagePort, host: (listener: HostListener) => StageHost): void {
  const say = (message: WorkerMessage): void => port.postMessage(message);
  const served = host({
    stored: (report) => say({ say: 'stored', report }),
    fenced: (progress) => say({ say: 'fenced', progress }),
    failed: (progress, error) => say({ say: 'failed', progress, error: textOf(error) }),
    error: (error) => say({ say: 'error', error: textOf(error) }),
  });
  port.on('message', (request: WorkerRequest) => {
    answer(served, request).then(
      (value) => {
        say({ say: 'answer', call: request.call, value });
        if (request.ask === 'stop') port.close();
      },
      (error: unknown) => say({ say: 'refusal', call: request.call, error: textOf(error) }),
    );
  });
}

async function answer(host: StageHost, request: WorkerRequest): Promise<number> {
  if (request.ask === 'take') return host.take(request.progress);
  if (request.ask === 'batch') await host.batch(unpackBatch(request.batch));
  else if (request.ask === 'giveUp') await host.giveUp(request.partition);
  else if (request.ask === 'drop') await host.drop(request.partition);
  else await host.stop();
  return 0;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

import { patchTimers } from '#kafka/timer-patch';

interface Queue {
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports -- kafkajs exports no module for it
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
const silent = { debug: () => undefined };

describe('the timer patch', () => {
  it('takes away the timer that kafkajs re-arms for ever on an idle connection', () => {
    const before = new RequestQueue({ logger: silent });
    before.scheduleCheckPendingRequests();
    expect(before.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(before.throttleCheckTimeoutId ?? undefined);

    patchTimers();
    patchTimers();
    const after = new RequestQueue({ logger: silent });
    after.scheduleCheckPendingRequests();
    expect(after.throttleCheckTimeoutId).toBeNull();
  });

  it('leaves the timer of a connection that a broker throttles', () => {
    const queue = new RequestQueue({ logger: silent });
    queue.throttledUntil = Date.now() + 1_000;
    queue.scheduleCheckPendingRequests();
    expect(queue.throttleCheckTimeoutId).not.toBeNull();
    clearTimeout(queue.throttleCheckTimeoutId ?? undefined);
  });
});

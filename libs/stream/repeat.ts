import { setTimeout as sleep } from 'node:timers/promises';
import type { DurationMs } from '#kernel/time';

/** Runs a job again and again, one run at a time, a pause after each; the job may ask to go on at once. An error ends a run, never the loop. */
export class Repeat {
  private readonly stopping = new AbortController();
  private readonly loop: Promise<void>;

  constructor(
    private readonly job: () => Promise<'again' | 'pause'>,
    private readonly pauseMs: DurationMs,
    private readonly onError: (error: unknown) => void,
  ) {
    this.loop = this.run();
  }

  /** Finishes the run in hand. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let next: DurationMs = this.pauseMs; !signal.aborted;) {
      await sleep(next, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      next = this.pauseMs;
      try {
        if ((await this.job()) === 'again') next = 0;
      } catch (error) {
        this.onError(error);
      }
    }
  }
}

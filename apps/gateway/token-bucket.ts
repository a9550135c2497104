import type { InstantMs } from '#kernel/time';

/** Events that one API key may send: `burst` at once after a rest, `perSecond` in the long run. */
export class TokenBucket {
  private tokens: number;
  private filledAt: InstantMs;

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    now: InstantMs,
  ) {
    this.tokens = burst;
    this.filledAt = now;
  }

  /**
   * Takes `count` tokens and returns 0, or takes none and returns after how many milliseconds to try again. More than `burst` at once
   * pass when the bucket is full and leave a debt: no request waits for ever.
   */
  take(count: number, now: InstantMs): number {
    const elapsed = Math.max(0, now - this.filledAt);
    this.tokens = Math.min(this.burst, this.tokens + (elapsed / 1_000) * this.perSecond);
    this.filledAt = now;
    const needed = Math.min(count, this.burst);
    if (this.tokens >= needed) {
      this.tokens -= count;
      return 0;
    }
    return Math.ceil(((needed - this.tokens) / this.perSecond) * 1_000);
  }
}

import fc from 'fast-check';
import { judgeDelivery, readRetryAfter, retryDelay, retrySchedule } from '#hook/retry';
import { hours, minutes, seconds } from '#kernel/time';

describe('retries', () => {
  it('begin after seconds, go on over days and end', () => {
    const waits = Array.from({ length: 10 }, (_, index) => retryDelay(index + 1, 0));
    expect(waits.slice(0, 4)).toEqual([seconds(5), minutes(5), minutes(30), hours(2)]);
    expect(waits[9]).toBeUndefined();
    expect(retrySchedule.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThan(hours(72));
  });

  it('spread by up to a fifth and never come sooner than the receiver asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(1_000_000),
        (failures, chance, asked) => {
          const wait = retryDelay(failures, chance, asked)!;
          expect(wait).toBeGreaterThanOrEqual(Math.max(asked, retrySchedule[failures]!));
          expect(wait).toBeLessThanOrEqual(Math.max(asked, retrySchedule[failures]! * 1.2 + 1));
        },
      ),
    );
  });

  it('Retry-After is read in seconds and as a date, at most a day', () => {
    const now = Date.parse('2026-06-01T00:00:00Z');
    expect(readRetryAfter('2', now)).toBe(2_000);
    expect(readRetryAfter('Mon, 01 Jun 2026 00:01:00 GMT', now)).toBe(60_000);
    expect(readRetryAfter('Sun, 31 May 2026 00:00:00 GMT', now)).toBe(0);
    expect(readRetryAfter('999999999', now)).toBe(hours(24));
    expect(readRetryAfter('soon', now)).toBeUndefined();
    expect(readRetryAfter(undefined, now)).toBeUndefined();
  });

  it('only 2xx is success, 410 ends it, a redirect is a failure', () => {
    expect([200, 204, 301, 400, 410, 500].map(judgeDelivery)).toEqual([
      'delivered',
      'delivered',
      'again',
      'again',
      'disable',
      'again',
    ]);
  });
});

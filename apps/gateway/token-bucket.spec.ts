import { TokenBucket } from '#apps/gateway/token-bucket';

describe('a token bucket', () => {
  it('lets a burst pass at once, then only what has been earned since', () => {
    const bucket = new TokenBucket(10, 100, 0);
    expect(bucket.take(100, 0)).toBe(0);
    expect(bucket.take(5, 0)).toBe(500);
    expect(bucket.take(5, 499)).toBe(1);
    expect(bucket.take(5, 500)).toBe(0);
  });

  it('never holds more than its burst, however long the rest', () => {
    const bucket = new TokenBucket(10, 100, 0);
    expect(bucket.take(100, 1_000_000)).toBe(0);
    expect(bucket.take(1, 1_000_000)).toBe(100);
  });

  it('lets more than a burst pass when it is full, and makes the caller wait for the debt', () => {
    const bucket = new TokenBucket(10, 100, 0);
    expect(bucket.take(150, 0)).toBe(0);
    expect(bucket.take(10, 0)).toBe(6_000);
  });

  it('is not fooled by a clock that goes back', () => {
    const bucket = new TokenBucket(10, 10, 1_000);
    expect(bucket.take(10, 1_000)).toBe(0);
    expect(bucket.take(1, 0)).toBe(100);
  });
});

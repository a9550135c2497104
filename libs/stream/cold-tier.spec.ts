import { ColdTier } from '#stream/cold-tier';

const MIB = 1024 * 1024;

describe('the cold tier', () => {
  it('gives back what was put, once', () => {
    const tier = new ColdTier({ bytesMax: 8 * MIB });
    for (let n = 0; n < 5_000; n++) tier.put(`k${n}`, `{"ä":${n}}`, n, fail);
    for (let n = 0; n < 5_000; n += 7) expect(tier.take(`k${n}`)).toEqual({ text: `{"ä":${n}}`, offset: n });
    expect(tier.take('k0')).toBeUndefined();
    expect(tier.take('never')).toBeUndefined();
    expect(tier.size).toBe(5_000 - Math.ceil(5_000 / 7));
  });

  it('keeps the newest text of a key', () => {
    const tier = new ColdTier({ bytesMax: 8 * MIB });
    tier.put('k', 'old', 1, fail);
    tier.put('k', 'new', 2, fail);
    expect(tier.take('k')).toEqual({ text: 'new', offset: 2 });
    expect(tier.size).toBe(0);
  });

  it('forgets the oldest when it is full, and says which', () => {
    const tier = new ColdTier({ bytesMax: 4 * MIB });
    const forgotten: string[] = [];
    const text = 'x'.repeat(1_000);
    for (let n = 0; n < 10_000; n++) expect(tier.put(`k${n}`, text, n, (key) => forgotten.push(key))).toBe(true);
    expect(tier.size + forgotten.length).toBe(10_000);
    expect(tier.size * 1_000).toBeLessThanOrEqual(4 * MIB);
    expect(forgotten).toEqual(Array.from(forgotten, (_, n) => `k${n}`));
    expect(tier.take('k9999')).toEqual({ text, offset: 9_999 });
  });

  it('does not forget a key that moved to a newer place', () => {
    const tier = new ColdTier({ bytesMax: 4 * MIB });
    const forgotten: string[] = [];
    const text = 'x'.repeat(1_000);
    for (let n = 0; n < 6_000; n++) {
      tier.put(`k${n}`, text, n, (key) => forgotten.push(key));
      if (n % 100 === 0) tier.put('often', text, n, (key) => forgotten.push(key));
    }
    expect(forgotten.length).toBeGreaterThan(0);
    expect(forgotten).not.toContain('often');
    expect(tier.take('often')).toEqual({ text, offset: 5_900 });
  });

  it('declines what it has no room for', () => {
    expect(new ColdTier({ bytesMax: 0 }).put('k', 'text', 1, fail)).toBe(false);
    expect(new ColdTier({ bytesMax: 8 * MIB }).put('k', 'x'.repeat(3 * MIB), 1, fail)).toBe(false);
  });
});

const fail = (key: string): never => {
  throw new Error(`${key} was forgotten`);
};

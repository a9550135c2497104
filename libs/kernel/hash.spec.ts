import fc from 'fast-check';
import { hashText, identityHash } from '#kernel/hash';
import { deriveId } from '#kernel/ids';

describe('hashText', () => {
  it('is MurmurHash3 over UTF-16 units, the same in every release', () => {
    expect(['', 'a', 'ab', 'payment.captured', 'Zürich 日本'].map((text) => hashText(text, 7) >>> 0)).toMatchInlineSnapshot(`
     [
       415870660,
       2090852287,
       2358299427,
       3596079693,
       2733747749,
     ]
    `);
  });

  it('spreads texts that differ in one character over all bits', () => {
    const flips = new Array<number>(32).fill(0);
    for (let n = 0; n < 4_000; n++) {
      const difference = hashText(`pay-${n}`, 1) ^ hashText(`pay-${n + 1}`, 1);
      for (let bit = 0; bit < 32; bit++) flips[bit] = (flips[bit] ?? 0) + ((difference >>> bit) & 1);
    }
    for (const count of flips) expect(Math.abs(count / 4_000 - 0.5)).toBeLessThan(0.05);
  });
});

describe('identityHash', () => {
  it('is a safe integer of 53 bits', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (source, id) => {
        const hash = identityHash(source, id);
        expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
      }),
    );
  });

  it('keeps source and id apart', () => {
    expect(identityHash('ab', 'c')).not.toBe(identityHash('a', 'bc'));
    expect(identityHash('a', '')).not.toBe(identityHash('', 'a'));
  });

  it('meets no other among a hundred thousand running ids of two sources', () => {
    const seen = new Set<number>();
    for (let n = 0; n < 50_000; n++) {
      seen.add(identityHash('/shop', `evt-${n}`));
      seen.add(identityHash('/psp', `evt-${n}`));
    }
    expect(seen.size).toBe(100_000);
  });
});

describe('deriveId', () => {
  it('gives the same id for the same parts, in every process and release', () => {
    expect(deriveId('f', 'duplicate-charge', 'buyer', 7)).toMatchInlineSnapshot(`"f-e6e1a3ba975d719cdded6fbebca41160"`);
  });

  it('is another id when a part changes, moves or is cut elsewhere', () => {
    const part = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean());
    fc.assert(
      fc.property(fc.array(part), fc.array(part), (left, right) => {
        const same = JSON.stringify(left) === JSON.stringify(right);
        expect(deriveId('c', ...left) === deriveId('c', ...right)).toBe(same);
      }),
    );
    expect(deriveId('c', 'a', 'b')).not.toBe(deriveId('c', 'ab'));
    expect(deriveId('c', '1')).not.toBe(deriveId('c', 1));
  });
});

import fc from 'fast-check';
import { fromColumn, SEPARATOR, toColumn } from '#postgres/stage-key';

describe('a key in a text column', () => {
  it('comes back as it was, whatever characters it has, and never holds NUL or the separator', () => {
    const key = fc.string({
      unit: fc.oneof(fc.constantFrom('\\', '\u0000', SEPARATOR, '0', 'e'), fc.string({ unit: 'binary' })),
    });
    fc.assert(
      fc.property(key, (text) => {
        expect(fromColumn(toColumn(text))).toBe(text);
        for (const character of ['\u0000', SEPARATOR]) expect(toColumn(text)).not.toContain(character);
      }),
    );
  });

  it('leaves an ordinary key alone', () => {
    expect(toColumn('buyer-4711')).toBe('buyer-4711');
  });
});

import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '#apps/casework/api/cursor';

describe('cursor', () => {
  it('comes back as it was given, whatever the id', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), (atMs, id) => {
        expect(decodeCursor(encodeCursor({ atMs, id }))).toEqual({ ok: true, value: { atMs, id } });
      }),
    );
  });

  it('is refused, never thrown on, when it was not ours', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const decoded = decodeCursor(text);
        expect(decoded.ok || decoded.error.includes('start again')).toBe(true);
      }),
    );
  });
});

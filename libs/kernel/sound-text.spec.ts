import { isSoundText, storable, strayTextAt } from '#kernel/sound-text';

describe('sound text', () => {
  it('holds what Unicode and Postgres hold, in any language', () => {
    for (const text of ['', 'é', '订单', '😀', '\u0001', '\u202e', '\ufeff']) expect(isSoundText(text)).toBe(true);
    for (const text of ['\u0000', 'a\ud800', '\udc00b']) expect(isSoundText(text)).toBe(false);
    expect(storable('a\u0000\ud800😀')).toBe('a\ufffd\ufffd😀');
  });

  it('is looked for in every text and field name, and pointed at', () => {
    expect(strayTextAt({ a: [1, null, { 'b/c~': 'x\u0000' }] }, '')).toBe('/a/2/b~1c~0');
    expect(strayTextAt({ a: { '\ud800': 1 } }, '')).toBe('/a');
    expect(strayTextAt({ a: ['😀', 1, true, null] }, '')).toBeUndefined();
  });
});

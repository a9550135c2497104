import fc from 'fast-check';
import { canonicalJson } from '#case/canonical-json';
import { emptyChain, findChainFault, sealEntries } from '#case/evidence';

const entries = [1, 2, 3, 4].map((at) => ({
  at,
  by: 'makewhole',
  what: `step ${at}`,
  data: { amount: { minor: at, currency: 'EUR' } },
}));
const { sealed, head } = sealEntries(emptyChain('case-1'), entries);

describe('the evidence chain', () => {
  it('verifies as sealed, in one go or piece by piece', () => {
    const first = sealEntries(emptyChain('case-1'), entries.slice(0, 2));
    const second = sealEntries(first.head, entries.slice(2));
    expect([...first.sealed, ...second.sealed]).toEqual(sealed);
    expect(findChainFault(sealed, head)).toBeUndefined();
  });

  it.each([
    [
      'a changed amount',
      sealed.map((line) => (line.sequence === 2 ? { ...line, data: { amount: { minor: 9, currency: 'EUR' } } } : line)),
      'content-changed',
      2,
    ],
    ['a changed time', sealed.map((line) => (line.sequence === 3 ? { ...line, at: 99 } : line)), 'content-changed', 3],
    ['a line cut out', sealed.filter(({ sequence }) => sequence !== 2), 'gap', 2],
    ['two lines exchanged', [sealed[1]!, sealed[0]!, sealed[2]!, sealed[3]!], 'gap', 1],
    ['the end cut off', sealed.slice(0, 3), 'head-differs', 3],
    ['everything cut off', [], 'head-differs', 0],
    [
      'a chain written anew',
      sealEntries(
        emptyChain('case-1'),
        entries.map((one) => ({ ...one, by: 'x' })),
      ).sealed,
      'head-differs',
      4,
    ],
    ['the chain of another case', sealEntries(emptyChain('case-2'), entries).sealed, 'gap', 1],
  ])('finds %s', (_what, lines, kind, sequence) => {
    expect(findChainFault(lines, head)).toEqual({ kind, sequence });
  });

  it('finds any single change of content', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.string(), (index, text) => {
        fc.pre(text !== sealed[index]!.what);
        expect(findChainFault(sealed.with(index, { ...sealed[index]!, what: text }), head)).toBeDefined();
      }),
    );
  });

  it('reads the same after a trip through jsonb, which orders fields its own way', () => {
    fc.assert(
      fc.property(
        fc.json(),
        (text) => canonicalJson(JSON.parse(text)) === canonicalJson(JSON.parse(canonicalJson(JSON.parse(text)))),
      ),
    );
    expect(canonicalJson({ b: 1, a: { d: undefined, c: [undefined] } })).toBe('{"a":{"c":[null]},"b":1}');
  });
});

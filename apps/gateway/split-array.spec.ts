import fc from 'fast-check';
import { splitArray } from '#apps/gateway/split-array';
import { runs } from '#test/laws/runs';

const split = (text: string): string[] | null => splitArray(Buffer.from(text))?.map(String) ?? null;

describe('splitArray', () => {
  it('gives the elements of any JSON array, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, indent) => {
        const elements = split(` ${JSON.stringify(values, null, indent)}\n`);
        expect(elements?.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it('keeps what JSON.parse would lose', () => {
    expect(split('[ {"a":1.10,"b":12345678901234567890} , "x\\"],[" ]')).toEqual([
      '{"a":1.10,"b":12345678901234567890}',
      '"x\\"],["',
    ]);
  });

  it('refuses what is no array, or has no element where one must be', () => {
    for (const text of ['', '{}', '[', '[1', '[1,]', '[,1]', '[1] 2', '[1]]', '[1,,2]']) expect(split(text)).toBeNull();
  });

  it('never takes for an array of valid elements what JSON.parse refuses', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...'[]{},:"\\ 1a'), { maxLength: 12 }), (characters) => {
        const elements = split(characters.join(''));
        if (elements === null || !elements.every(isJson)) return;
        expect(isJson(characters.join(''))).toBe(true);
      }),
      runs(2_000),
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

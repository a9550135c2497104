import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { LineSplitter, readLines } from '#apps/makewhole/replay/read-lines';

function split(text: string, cuts: readonly number[], max = 1_000): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter(max, (bytes, line) => void (lines[line] = bytes.toString()));
  const bytes = Buffer.from(text);
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let index = 1; index < at.length; index += 1) splitter.push(bytes.subarray(at[index - 1], at[index]));
  expect(splitter.end()).toBe(lines.length);
  return lines;
}

describe('lines', () => {
  it('wherever the pieces of a file are cut, the lines are the same', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-zé]{0,9}$/)), fc.array(fc.nat()), (lines, cuts) => {
        const whole = lines.length > 0 && lines.at(-1) === '' ? [...lines, 'x'] : lines;
        expect(split(whole.join('\n'), cuts)).toEqual(whole.length === 1 && whole[0] === '' ? [] : whole);
      }),
    );
  });

  it('the end of the last line may be missing, and CRLF ends a line as LF does', () => {
    expect(split('a\r\nb\n', [])).toEqual(['a', 'b']);
    expect(split('a\nb', [])).toEqual(['a', 'b']);
  });

  it('a byte order mark at the start is no part of the first line', () => {
    expect(split('\ufeffa\nb', [2])).toEqual(['a', 'b']);
  });

  it('blank lines count', () => {
    expect(split('a\n\nb\n', [])).toEqual(['a', '', 'b']);
  });

  it('a line that is too long is handed over one byte longer than allowed, and no more of it is kept', () => {
    expect(split(`${'x'.repeat(50)}\ny\n`, [7, 13, 40], 10)).toEqual(['x'.repeat(11), 'y']);
    expect(split(`${'x'.repeat(50)}\ny\n`, [], 10)).toEqual(['x'.repeat(11), 'y']);
  });
});

describe('a file of lines', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = async (content: Buffer) => {
    const input = join(folder, 'input');
    writeFileSync(input, content);
    const lines: string[] = [];
    await readLines({ input, lineBytesMax: 100, onLine: (bytes) => void lines.push(bytes.toString()), onPiece: () => undefined });
    return lines;
  };

  it('is unpacked when it is gzip, whatever its name', async () => {
    expect(await read(gzipSync('a\nb\n'))).toEqual(['a', 'b']);
    expect(await read(Buffer.from('a\nb\n'))).toEqual(['a', 'b']);
    expect(await read(Buffer.concat([gzipSync('a\n'), gzipSync('b\n')]))).toEqual(['a', 'b']);
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });

  it('that is cut off gzip is wrong input', async () => {
    await expect(read(gzipSync('a\n'.repeat(10_000)).subarray(0, 40))).rejects.toMatchObject({ exitCode: 2 });
  });
});

import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { describeErrno, errnoOf, wrongUse } from '#apps/makewhole/failure';

/** One line without its end. The bytes lie in a buffer that other lines share: copy what is kept. */
export type OnLine = (bytes: Buffer, line: number) => void;

export interface ReadLinesOptions {
  /** A path, or `-` for standard input. */
  readonly input: string;
  /** The option that named it, for messages. Default `--input`. */
  readonly option?: string;
  /** A longer line is handed over cut to one byte more than this, so that the decoder calls it too large. */
  readonly lineBytesMax: number;
  readonly onLine: OnLine;
  /** After each piece of input: bytes read so far, as they lie in the file. The next is read once it resolves. */
  readonly onPiece: (bytesRead: number) => Promise<void> | void;
}

const PIECE_BYTES = 1 << 18;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Reads text lines of a file in constant memory, unpacking gzip by its first bytes. Returns the number of lines. */
export async function readLines({ input, option = '--input', lineBytesMax, onLine, onPiece }: ReadLinesOptions): Promise<number> {
  const name = input === '-' ? 'standard input' : input;
  const splitter = new LineSplitter(lineBytesMax, onLine);
  let bytesRead = 0;
  try {
    const source: Readable = input === '-' ? process.stdin : createReadStream(input, { highWaterMark: PIECE_BYTES });
    const pieces = counted(source, (bytes) => (bytesRead += bytes));
    for await (const piece of unpacked(pieces)) {
      splitter.push(piece);
      await onPiece(bytesRead);
    }
    return splitter.end();
  } catch (error) {
    throw wrongInput(error, name, option);
  }
}

function wrongInput(error: unknown, name: string, option: string): unknown {
  const described = describeErrno(error, name);
  if (described !== null) return wrongUse(`${described}: ${option} names a file of ${option === '--input' ? 'events' : 'lines'}`);
  if (errnoOf(error)?.startsWith('Z_') === true)
    return wrongUse(`${name} is not whole gzip (${errnoOf(error)}): fetch it again, or unpack it first`);
  return error;
}

async function* counted(source: Readable, count: (bytes: number) => void): AsyncGenerator<Buffer> {
  for await (const piece of source as AsyncIterable<Buffer>) {
    count(piece.length);
    yield piece;
  }
}

/** The pieces themselves, or what they hold when they are gzip. */
async function* unpacked(pieces: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const head = await pieces.next();
  if (head.done === true) return;
  const all = startingWith(head.value, pieces);
  const gzip = head.value[0] === 0x1f && (head.value.length === 1 || head.value[1] === 0x8b);
  yield* gzip ? (pipeline(all, createGunzip({ chunkSize: PIECE_BYTES }), () => undefined) as AsyncIterable<Buffer>) : all;
}

async function* startingWith(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield head;
  yield* rest;
}

/** Cuts pieces into lines: `\n` or `\r\n` ends one, a last line needs no end, a byte order mark at the start is dropped. */
export class LineSplitter {
  private carry: Buffer[] = [];
  private carryBytes = 0;
  private lines = 0;

  constructor(
    private readonly lineBytesMax: number,
    private readonly onLine: OnLine,
  ) {}

  push(piece: Buffer): void {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      if (this.carryBytes === 0) this.emit(piece.subarray(start, end));
      else {
        this.keep(piece.subarray(start, end));
        this.emitCarry();
      }
      start = end + 1;
    }
    if (start < piece.length) this.keep(piece.subarray(start));
  }

  /** The number of lines seen. */
  end(): number {
    if (this.carryBytes > 0) this.emitCarry();
    return this.lines;
  }

  private keep(part: Buffer): void {
    if (this.carryBytes <= this.lineBytesMax) this.carry.push(part.subarray(0, this.lineBytesMax + 1 - this.carryBytes));
    this.carryBytes += part.length;
  }

  private emitCarry(): void {
    const line = Buffer.concat(this.carry);
    this.carry = [];
    this.carryBytes = 0;
    this.emit(line);
  }

  private emit(whole: Buffer): void {
    let line = whole;
    if (line.length > 0 && line[line.length - 1] === CARRIAGE_RETURN) line = line.subarray(0, -1);
    if (this.lines === 0 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    this.onLine(line.subarray(0, this.lineBytesMax + 1), this.lines);
    this.lines += 1;
  }
}

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Below 0 when `one` goes first, as for `Array.sort`. Rows are JSON values. */
export type InOrder<Row> = (one: Row, other: Row) => number;

/** Rows in memory at most; beyond it they lie, sorted in runs, in a temporary file that has no name. */
const ROWS_MAX = 200_000;
const PIECE_BYTES = 1 << 17;

/** Gives rows back in order, and those alike as they were added. Memory is bounded, whatever their number. */
export class RowSorter<Row> {
  private rows: Row[] = [];
  private descriptor: number | undefined;
  private readonly runs: { readonly from: number; readonly to: number }[] = [];
  private bytes = 0;

  constructor(
    private readonly inOrder: InOrder<Row>,
    private readonly rowsMax = ROWS_MAX,
  ) {}

  add(row: Row): void {
    this.rows.push(row);
    if (this.rows.length >= this.rowsMax) this.spill();
  }

  /** All of them, once. */
  *sorted(): Generator<Row> {
    this.rows.sort(this.inOrder);
    const heads = [...this.runs.map(({ from, to }) => this.readRun(from, to)), this.rows.values()].map((run) => ({
      run,
      next: run.next(),
    }));
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads)
        if (head.next.done !== true && (first === undefined || this.inOrder(head.next.value, first.next.value as Row) < 0))
          first = head;
      if (first === undefined) break;
      yield first.next.value as Row;
      first.next = first.run.next();
    }
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.rows = [];
  }

  private spill(): void {
    this.descriptor ??= openUnnamed();
    const from = this.bytes;
    let text = '';
    for (const row of this.rows.sort(this.inOrder)) {
      text += `${JSON.stringify(row)}\n`;
      if (text.length >= PIECE_BYTES) {
        this.write(text);
        text = '';
      }
    }
    this.write(text);
    this.runs.push({ from, to: this.bytes });
    this.rows = [];
  }

  private write(text: string): void {
    const bytes = Buffer.from(text);
    for (let written = 0; written < bytes.length;)
      written += writeSync(this.descriptor!, bytes, written, bytes.length - written, this.bytes + written);
    this.bytes += bytes.length;
  }

  private *readRun(from: number, to: number): Generator<Row> {
    const piece = Buffer.alloc(PIECE_BYTES);
    let carry = Buffer.alloc(0);
    for (let place = from; place < to;) {
      const read = readSync(this.descriptor!, piece, 0, Math.min(PIECE_BYTES, to - place), place);
      place += read;
      let bytes = Buffer.concat([carry, piece.subarray(0, read)]);
      for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a)) {
        yield JSON.parse(bytes.toString('utf8', 0, end)) as Row;
        bytes = bytes.subarray(end + 1);
      }
      carry = Buffer.from(bytes);
    }
  }
}

function openUnnamed(): number {
  const folder = mkdtempSync(join(tmpdir(), 'makewhole-replay-'));
  const descriptor = openSync(join(folder, 'rows'), 'w+', 0o600);
  rmSync(folder, { recursive: true });
  return descriptor;
}

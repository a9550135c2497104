import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCK_BYTES = 256;

/** Where a text lies: its first block, how many blocks are its own, how many bytes are used. */
export interface Place {
  readonly block: number;
  readonly blocks: number;
  readonly bytes: number;
}

/** Texts in a temporary file that has no name, so that nothing of it outlives the process. Freed blocks are used again. */
export class BlockFile {
  private readonly descriptor: number;
  private readonly free = new Map<number, number[]>();
  private blocksUsed = 0;
  private buffer = Buffer.alloc(1 << 16);

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'makewhole-replay-'));
    this.descriptor = openSync(join(folder, 'states'), 'w+', 0o600);
    rmSync(folder, { recursive: true });
  }

  /** Writes over `old` when the text fits there. */
  write(text: string, old: Place | undefined): Place {
    const bytes = Buffer.byteLength(text);
    if (bytes > this.buffer.length) this.buffer = Buffer.alloc(bytes * 2);
    this.buffer.write(text, 0, 'utf8');
    const place = this.placeFor(bytes, old);
    writeSync(this.descriptor, this.buffer, 0, bytes, place.block * BLOCK_BYTES);
    return place;
  }

  read({ block, bytes }: Place): string {
    readSync(this.descriptor, this.buffer, 0, bytes, block * BLOCK_BYTES);
    return this.buffer.toString('utf8', 0, bytes);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private placeFor(bytes: number, old: Place | undefined): Place {
    const blocks = Math.ceil(bytes / BLOCK_BYTES);
    if (old !== undefined) {
      if (blocks <= old.blocks) return { ...old, bytes };
      this.freed(old.blocks).push(old.block);
    }
    const reused = this.freed(blocks).pop();
    if (reused !== undefined) return { block: reused, blocks, bytes };
    this.blocksUsed += blocks;
    return { block: this.blocksUsed - blocks, blocks, bytes };
  }

  private freed(blocks: number): number[] {
    let list = this.free.get(blocks);
    if (list === undefined) this.free.set(blocks, (list = []));
    return list;
  }
}

import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { formatInstant, type InstantMs } from '#kernel/time';
import type { ChainHead } from '#case/evidence';

const TAIL_BYTES = 4_096;

/**
 * Ends of evidence chains in a file outside of the database: JSON lines, only ever added, each on the disk before the next begins, each with
 * the hash of the line before. It follows the commits: a process that dies between the two leaves out what it changed last.
 */
export class AnchorFile {
  private waiting: { readonly head: ChainHead; readonly at: InstantMs }[] = [];
  private writing: Promise<void> | undefined;

  private constructor(
    private readonly file: FileHandle,
    private previous: string,
    private size: number,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Goes on behind the last whole line; one that a crash cut off was never anchored, and goes. */
  static async open(path: string, onError: (error: unknown) => void): Promise<AnchorFile> {
    const file = await open(path, 'a+', 0o600);
    const { size } = await file.stat();
    const from = Math.max(0, size - TAIL_BYTES);
    const { buffer } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    const whole = buffer.lastIndexOf('\n') + 1;
    if (whole < buffer.length) await file.truncate(from + whole);
    const last = buffer.subarray(0, whole).toString('utf8').split('\n').at(-2) ?? '';
    return new AnchorFile(file, sha256(last), from + whole, onError);
  }

  add(heads: readonly ChainHead[], at: InstantMs): void {
    this.waiting.push(...heads.map((head) => ({ head, at })));
    this.writing ??= this.write().catch(this.onError);
  }

  /** When everything that was added is on the disk. */
  async close(): Promise<void> {
    await this.writing;
    await this.file.close();
  }

  /** All that waits in one go. What could not be written is kept for the next time. */
  private async write(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting;
        let { previous } = this;
        const lines = batch.map(({ head: { caseId, sequence, hash }, at }) => {
          const line = JSON.stringify({ at: formatInstant(at), caseId, sequence, hash, previous });
          previous = sha256(line);
          return `${line}\n`;
        });
        const bytes = Buffer.from(lines.join(''));
        await this.file.appendFile(bytes);
        await this.file.datasync();
        this.previous = previous;
        this.size += bytes.length;
        this.waiting = this.waiting.slice(batch.length);
      }
    } catch (error) {
      await this.file.truncate(this.size);
      throw error;
    } finally {
      this.writing = undefined;
    }
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

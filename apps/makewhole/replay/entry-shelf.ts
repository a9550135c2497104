import type { InstantMs } from '#kernel/time';
import { BlockFile, type Place } from '#apps/makewhole/replay/block-file';

/** What a replay keeps of one account. */
export interface Entry<State> {
  readonly state: State;
  /** The newest event time of this key. */
  newestAt: InstantMs;
  /** When the newest thing said of this key became true: later ones do not go before it. */
  saidAt: InstantMs;
}

export interface EntryCodec<State> {
  encode(state: State): string;
  decodeState(text: string, key: string): State;
  nextDeadline(state: State): InstantMs;
}

interface PutAway {
  readonly place: Place;
  /** The entry's next deadline: it need not be read again before. */
  readonly dueAt: InstantMs;
}

/**
 * The entries of all accounts: those used of late as objects, the others as text in a temporary file, so that memory grows by some
 * a hundred and fifty bytes an account and not by the two kilobytes of a state.
 */
export class EntryShelf<State> {
  private young = new Map<string, Entry<State>>();
  private old = new Map<string, Entry<State>>();
  /** Every key that was ever put away, though it may be in memory again. */
  private readonly away = new Map<string, PutAway>();
  private file: BlockFile | undefined;
  private count = 0;

  constructor(
    private readonly codec: EntryCodec<State>,
    /** Entries in memory at most. */
    private readonly hotMax: number,
  ) {}

  get size(): number {
    return this.count;
  }

  get(key: string): Entry<State> | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const entry = this.old.get(key) ?? this.fetch(key);
    if (entry === undefined) return undefined;
    this.old.delete(key);
    this.keep(key, entry);
    return entry;
  }

  add(key: string, entry: Entry<State>): void {
    this.count += 1;
    this.keep(key, entry);
  }

  /** Entries with a deadline up to `until`, each once; none may be added meanwhile. */
  *due(until: InstantMs): Generator<readonly [string, Entry<State>]> {
    const inMemory = new Set([...this.young.keys(), ...this.old.keys()]);
    for (const entries of [this.young, this.old]) {
      for (const [key, entry] of entries) if (this.codec.nextDeadline(entry.state) <= until) yield [key, entry];
    }
    for (const [key, { dueAt }] of this.away) {
      const entry = dueAt > until || inMemory.has(key) ? undefined : this.fetch(key);
      if (entry !== undefined) yield [key, entry];
    }
  }

  close(): void {
    this.file?.close();
  }

  private keep(key: string, entry: Entry<State>): void {
    this.young.set(key, entry);
    if (this.young.size < this.hotMax / 2) return;
    this.file ??= new BlockFile();
    for (const [put, { state, newestAt, saidAt }] of this.old) {
      const text = `${newestAt}\n${saidAt}\n${this.codec.encode(state)}`;
      const place = this.file.write(text, this.away.get(put)?.place);
      this.away.set(put, { place, dueAt: this.codec.nextDeadline(state) });
    }
    this.old = this.young;
    this.young = new Map();
  }

  private fetch(key: string): Entry<State> | undefined {
    const away = this.away.get(key);
    if (away === undefined || this.file === undefined) return undefined;
    const text = this.file.read(away.place);
    const first = text.indexOf('\n');
    const second = text.indexOf('\n', first + 1);
    return {
      newestAt: Number(text.slice(0, first)),
      saidAt: Number(text.slice(first + 1, second)),
      state: this.codec.decodeState(text.slice(second + 1), key),
    };
  }
}

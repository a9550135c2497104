import { type InstantMs, NEVER } from '#kernel/time';

/** A binary heap of (deadline, key), the earliest first and ties by key, so that its order does not depend on who came first. */
export class DeadlineHeap {
  private readonly deadlines: InstantMs[] = [];
  private readonly keys: string[] = [];

  get size(): number {
    return this.keys.length;
  }

  /** The earliest deadline; `NEVER` when there is none. */
  get next(): InstantMs {
    return this.deadlines[0] ?? NEVER;
  }

  get nextKey(): string | undefined {
    return this.keys[0];
  }

  push(deadline: InstantMs, key: string): void {
    let at = this.keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(deadline, key, parent)) break;
      this.deadlines[at] = this.deadlines[parent]!;
      this.keys[at] = this.keys[parent]!;
      at = parent;
    }
    this.deadlines[at] = deadline;
    this.keys[at] = key;
  }

  /** Takes the earliest away. */
  pop(): void {
    const deadline = this.deadlines.pop();
    const key = this.keys.pop();
    const size = this.keys.length;
    if (deadline === undefined || key === undefined || size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.isBefore(this.deadlines[child + 1]!, this.keys[child + 1]!, child)) child += 1;
      if (this.isBefore(deadline, key, child)) break;
      this.deadlines[at] = this.deadlines[child]!;
      this.keys[at] = this.keys[child]!;
      at = child;
    }
    this.deadlines[at] = deadline;
    this.keys[at] = key;
  }

  /** Visits entries due up to `until` in no order, at most `limit` of them. */
  visitDue(until: InstantMs, limit: number, visit: (key: string) => void): void {
    const stack = [0];
    for (let visited = 0; stack.length > 0 && visited < limit;) {
      const at = stack.pop()!;
      if (at >= this.keys.length || this.deadlines[at]! > until) continue;
      visit(this.keys[at]!);
      visited += 1;
      stack.push(2 * at + 1, 2 * at + 2);
    }
  }

  /** Drops the entries that do not count any more, once they are many. */
  keep(counts: (deadline: InstantMs, key: string) => boolean): void {
    const kept: [InstantMs, string][] = [];
    for (let at = 0; at < this.keys.length; at++)
      if (counts(this.deadlines[at]!, this.keys[at]!)) kept.push([this.deadlines[at]!, this.keys[at]!]);
    this.deadlines.length = 0;
    this.keys.length = 0;
    for (const [deadline, key] of kept) this.push(deadline, key);
  }

  private isBefore(deadline: InstantMs, key: string, at: number): boolean {
    const other = this.deadlines[at]!;
    return deadline < other || (deadline === other && key < this.keys[at]!);
  }
}

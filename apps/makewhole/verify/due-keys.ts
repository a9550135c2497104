interface Due {
  readonly at: number;
  readonly key: string;
}

/** Which key is due next: a binary heap in which a key's older entries are passed over. */
export class DueKeys {
  private readonly heap: Due[] = [];
  private readonly newest = new Map<string, number>();

  set(key: string, at: number): void {
    if (this.newest.get(key) === at) return;
    this.newest.set(key, at);
    if (Number.isFinite(at)) this.push({ at, key });
  }

  /** Takes out the earliest key that is due by `until`. */
  pop(until: number): Due | undefined {
    for (let first = this.heap[0]; first && first.at <= until; first = this.heap[0]) {
      this.removeFirst();
      if (this.newest.get(first.key) !== first.at) continue;
      this.newest.delete(first.key);
      return first;
    }
    return undefined;
  }

  private push(due: Due): void {
    const { heap } = this;
    let place = heap.push(due) - 1;
    for (let parent = (place - 1) >> 1; place > 0 && (heap[parent] as Due).at > due.at; parent = (place - 1) >> 1) {
      heap[place] = heap[parent] as Due;
      place = parent;
    }
    heap[place] = due;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child + 1 < heap.length && (heap[child + 1] as Due).at < (heap[child] as Due).at) child++;
      if (child >= heap.length || (heap[child] as Due).at >= last.at) break;
      heap[place] = heap[child] as Due;
      place = child;
    }
    heap[place] = last;
  }
}

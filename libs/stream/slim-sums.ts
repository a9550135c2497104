import type { Cell, SlimEmission } from '#stream/stage';

/** Sums that are looked over before one is looked up by its name: most rows add to one of the last few. */
const RECENT_MAX = 8;

/** Adds up rows of numbers that are alike in everything before them. */
export class SlimSums {
  private readonly sums = new Map<string, Cell[]>();
  private readonly recent: Cell[][] = [];

  /** The emission as a row, which later sums may still change; undefined when it was added to an earlier one. */
  row({ cells, sumFrom }: SlimEmission): readonly Cell[] | undefined {
    if (sumFrom === undefined) return cells;
    const sum = this.find(cells, sumFrom);
    if (sum === undefined) return this.begin(cells, sumFrom);
    for (let at = sumFrom; at < cells.length; at++) sum[at] = (sum[at] as number) + (cells[at] as number);
    return undefined;
  }

  private find(cells: readonly Cell[], sumFrom: number): Cell[] | undefined {
    for (const sum of this.recent) if (areAlike(sum, cells, sumFrom)) return sum;
    return this.sums.get(nameOf(cells, sumFrom));
  }

  private begin(cells: readonly Cell[], sumFrom: number): readonly Cell[] {
    const sum = [...cells];
    this.sums.set(nameOf(cells, sumFrom), sum);
    if (this.recent.unshift(sum) > RECENT_MAX) this.recent.pop();
    return sum;
  }
}

function areAlike(one: readonly Cell[], other: readonly Cell[], until: number): boolean {
  for (let at = until - 1; at >= 0; at--) if (one[at] !== other[at]) return false;
  return true;
}

function nameOf(cells: readonly Cell[], until: number): string {
  let name = '';
  for (let at = 0; at < until; at++) name += `${String(cells[at])}\n`;
  return name;
}

import type { Cell, SlimEmission } from '#stream/stage';

/** Adds up rows of numbers that are alike in everything before them. */
export class SlimSums {
  private readonly sums = new Map<string, Cell[]>();

  /** The emission as a row, which later sums may still change; undefined when it was added to an earlier one. */
  row({ cells, sumFrom }: SlimEmission): readonly Cell[] | undefined {
    if (sumFrom === undefined) return cells;
    let name = '';
    for (let at = 0; at < sumFrom; at++) name += `${String(cells[at])}\n`;
    const sum = this.sums.get(name);
    if (sum === undefined) {
      const row = [...cells];
      this.sums.set(name, row);
      return row;
    }
    for (let at = sumFrom; at < cells.length; at++) sum[at] = (sum[at] as number) + (cells[at] as number);
    return undefined;
  }
}

/** Nanoseconds of CPU time of this process that `run` takes for each of `count` events. */
export function cpuNsEach(count: number, run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1_000) / count;
}

/** Each is run once a turn; the least of its turns counts, since whatever disturbs a run only adds to it. */
export function leastOf(
  runs: readonly (() => number)[],
  turns: number,
  onTurn: (turn: number, least: readonly number[]) => void,
) {
  const least = runs.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 1; turn <= turns; turn++) {
    runs.forEach((run, at) => (least[at] = Math.min(least[at]!, run())));
    onTurn(turn, least);
  }
  return least;
}

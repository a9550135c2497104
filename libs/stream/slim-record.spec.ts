import { noEffects, type SaidSlim } from '#stream/effects';
import { packSlim, unpackSlim } from '#stream/slim-record';
import type { PartitionCommit } from '#stream/stage-store';

const commitOf = (slim: readonly SaidSlim[]): PartitionCommit =>
  ({
    progress: { topic: 'payment-events', partition: 3, sequence: 7 },
    effects: { ...noEffects(), slim },
  }) as unknown as PartitionCommit;

const row = (offset: number, key: string, ...data: (string | number)[]): SaidSlim => ({
  offset,
  emission: { kind: 'slim', topic: 'scope-events', group: 'scopes-1', cells: [0, 0, key, 1_000, ...data] },
});
const sum = (offset: number, key: string, ...counts: number[]): SaidSlim => ({
  offset,
  emission: { kind: 'slim', topic: 'scope-events', group: 'scopes-1', cells: [3, 8, key, 60_000, ...counts], sumFrom: 4 },
});
const read = (slim: readonly SaidSlim[]) => packSlim(commitOf(slim)).map(({ value }) => unpackSlim(Buffer.from(value)));

describe('a record for another stage', () => {
  it('holds its rows as they were said, with where they come from', () => {
    expect(read([row(4, 'shop-1', 'pay-1', 100), row(9, 'shop-2', 'pay-2', 200)])).toEqual([
      {
        origin: { stream: 'payment-events/3 scopes-1', position: 7_000 },
        rows: [
          [4, 0, 0, 'shop-1', 1_000, 'pay-1', 100],
          [9, 0, 0, 'shop-2', 1_000, 'pay-2', 200],
        ],
      },
    ]);
  });

  it('adds up what is alike and can be added up, under the offset of the first', () => {
    expect(read([sum(4, 'visa', 1, 0), row(5, 'shop-1'), sum(6, 'visa', 1, 2), sum(7, 'sepa', 0, 1)])[0]!.rows).toEqual([
      [4, 3, 8, 'visa', 60_000, 2, 2],
      [5, 0, 0, 'shop-1', 1_000],
      [7, 3, 8, 'sepa', 60_000, 0, 1],
    ]);
  });

  it('adds up however many sums there are at once', () => {
    const routes = Array.from({ length: 30 }, (_, n) => `route-${n}`);
    const twice = [...routes, ...routes].map((route, n) => sum(n, route, 1, n));
    expect(read(twice)[0]!.rows).toEqual(routes.map((route, n) => [n, 3, 8, route, 60_000, 2, 2 * n + 30]));
  });

  it('is cut into as many as it takes, each known by its place, and loses no row on the way', () => {
    const many = Array.from({ length: 900 }, (_, n) => row(n, `shop-${n % 20}`, 'x'.repeat(700)));
    const records = read(many);
    expect(records.map(({ origin }) => origin.position)).toEqual(records.map((_, part) => 7_000 + part));
    expect(records.flatMap(({ rows }) => rows)).toEqual(many.map(({ offset, emission }) => [offset, ...emission.cells]));
    expect(Math.max(...records.map(({ rows }) => JSON.stringify(rows).length))).toBeLessThanOrEqual(200_000);
  });

  it('holds a row that is longer than a record may be, alone', () => {
    const long = [row(1, 'shop-1'), row(2, 'shop-2', 'x'.repeat(250_000)), row(3, 'shop-3')];
    expect(read(long).map(({ rows }) => rows.map(([offset]) => offset))).toEqual([[1], [2], [3]]);
  });

  it('packs many rows into far fewer bytes, and loses none', () => {
    const many = Array.from({ length: 500 }, (_, n) => row(n, `shop-${n % 20}`, `pay-${n}ü`, n));
    const [{ value } = { value: '' }] = packSlim(commitOf(many));
    expect(unpackSlim(Buffer.from(value)).rows).toEqual(many.map(({ offset, emission }) => [offset, ...emission.cells]));
    expect(value.length).toBeLessThan(JSON.stringify(many.map(({ emission }) => emission.cells)).length / 2);
  });
});

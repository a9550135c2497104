import {
  dropExample,
  EXAMPLES_MAX,
  exampleWeight,
  findExample,
  keepExample,
  markOf,
  newPendingExamples,
  takeSettled,
} from '#detection/statistics/pending-examples';

const kept = (count: number) => {
  const pending = newPendingExamples();
  for (let at = 0; at < count; at++) keepExample(pending, { mark: markOf(`p-${at}`), at, places: [at] });
  return pending;
};

it('few examples are all kept and count once', () => {
  const pending = kept(EXAMPLES_MAX);
  expect(pending.examples).toHaveLength(EXAMPLES_MAX);
  expect(exampleWeight(pending)).toBe(1);
});

it('of many, those that are kept stand for about all of them', () => {
  for (const count of [100, 1_000, 20_000]) {
    const pending = kept(count);
    expect(pending.examples.length).toBeLessThanOrEqual(EXAMPLES_MAX);
    const standsFor = pending.examples.length * exampleWeight(pending);
    expect(standsFor / count).toBeGreaterThan(0.6);
    expect(standsFor / count).toBeLessThan(1.6);
  }
});

it('the oldest is taken first, and none that is newer than asked for', () => {
  const pending = kept(3);
  expect(takeSettled(pending, 1)?.at).toBe(0);
  expect(takeSettled(pending, 1)?.at).toBe(1);
  expect(takeSettled(pending, 1)).toBeUndefined();
});

it('an example is found by its payment until it is dropped', () => {
  const pending = kept(5);
  const found = findExample(pending, markOf('p-3'));
  expect(found?.places).toEqual([3]);
  dropExample(pending, found!);
  expect(findExample(pending, markOf('p-3'))).toBeUndefined();
  dropExample(pending, pending.examples[0]!);
  expect(pending.examples.map(({ at }) => at)).toEqual([1, 2, 4]);
});

it('after a rush all examples are kept again', () => {
  const pending = kept(5_000);
  while (takeSettled(pending, Infinity) !== undefined);
  for (let at = 0; at < 40; at++) {
    keepExample(pending, { mark: markOf(`q-${at}`), at, places: [] });
    takeSettled(pending, at);
  }
  expect(exampleWeight(pending)).toBe(1);
});

it('beyond the bound one in two is kept, by its mark, and stands for two', () => {
  const pending = newPendingExamples();
  for (let mark = 0; mark <= EXAMPLES_MAX; mark++) keepExample(pending, { mark, at: mark, places: [] });
  expect(pending.examples.map(({ mark }) => mark)).toEqual(Array.from({ length: EXAMPLES_MAX / 2 + 1 }, (_, n) => 2 * n));
  expect(exampleWeight(pending)).toBe(2);
  keepExample(pending, { mark: 51, at: 51, places: [] });
  keepExample(pending, { mark: 52, at: 52, places: [] });
  expect(pending.examples.at(-1)!.mark).toBe(52);
});

it('however alike the marks are, the bound holds', () => {
  const pending = newPendingExamples();
  for (let at = 0; at <= EXAMPLES_MAX; at++) keepExample(pending, { mark: 0x4000_0000 + 8, at, places: [] });
  expect(pending.examples).toEqual([]);
  expect(pending.thinned).toBe(4);
});

it('keeps one in two more again once fewer than a quarter are left', () => {
  const pending = newPendingExamples();
  Object.assign(pending, { thinned: 2 });
  for (let at = 0; at < EXAMPLES_MAX / 4 + 1; at++) keepExample(pending, { mark: 4 * at, at, places: [] });
  expect(takeSettled(pending, 0)?.at).toBe(0);
  expect(pending.thinned).toBe(2);
  expect(takeSettled(pending, 1)?.at).toBe(1);
  expect(pending.thinned).toBe(1);
  expect(takeSettled(pending, 1)).toBeUndefined();
  expect(pending.thinned).toBe(1);
});

it('dropping what is not kept changes nothing', () => {
  const pending = kept(3);
  dropExample(pending, { mark: 1, at: 1, places: [] });
  expect(pending.examples).toHaveLength(3);
});

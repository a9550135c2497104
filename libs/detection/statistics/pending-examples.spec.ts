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

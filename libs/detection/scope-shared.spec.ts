import type { AnyScopeDetector, SharedPart } from '#detection/scope-detector';
import { newScopeShared, SharedText } from '#detection/scope-shared';

interface Counter {
  count: number;
}
const counter = (name: string): SharedPart<Counter> => ({
  name,
  create: () => ({ count: 0 }),
  encode: ({ count }) => count,
  decode: (cell) => ({ count: Number(cell) }),
});
const [rates, model] = [counter('rates'), counter('model')];
const text = new SharedText([{}, { uses: [rates] }, { uses: [model, rates] }] as unknown as readonly AnyScopeDetector[]);

it('a part that keys share is made when it is first asked for, and is one for all', () => {
  const shared = newScopeShared();
  const made = text.partOf(shared, rates);
  expect(made).toEqual({ count: 0 });
  made.count = 3;
  expect(text.partOf(shared, rates)).toBe(made);
  expect(text.partOf(shared, model)).toEqual({ count: 0 });
});

it('a part that no detector uses would not be stored: it is refused', () => {
  expect(() => text.partOf(newScopeShared(), counter('other'))).toThrow('no detector says that it uses the shared part other');
});

it('what was stored is the same again, whether anybody asked for it meanwhile or not', () => {
  const shared = newScopeShared();
  shared.newest.set('payment-events/1', 40).set('payment-events/0', 7);
  text.partOf(shared, rates).count = 3;
  text.partOf(shared, model).count = 5;
  const stored = text.encode(shared);
  expect(stored).toBe('[[["payment-events/0",7],["payment-events/1",40]],[["model",5],["rates",3]]]');

  const back = text.decode(stored);
  expect([...back.newest]).toEqual([
    ['payment-events/0', 7],
    ['payment-events/1', 40],
  ]);
  expect(text.encode(back)).toBe(stored);
  const opened = text.partOf(back, rates);
  expect(opened).toEqual({ count: 3 });
  opened.count = 4;
  expect(text.partOf(back, rates)).toBe(opened);
  expect(text.encode(back)).toBe(stored.replace('["rates",3]', '["rates",4]'));
});

it('a part of a detector that is gone stays stored', () => {
  const stored = '[[],[["gone",9]]]';
  const back = text.decode(stored);
  text.partOf(back, rates);
  expect(text.encode(back)).toBe('[[],[["gone",9],["rates",0]]]');
});

import fc from 'fast-check';
import type { LogRecord } from '#stream/log';
import { type ToyEvent, ToyStage } from '#stream/toy-stage';
import { patience, runs } from '#test/laws/runs';
import { type Draft, draftArbitrary, expectAsPlain, START, troublesArbitrary } from '#test/property/troubled-owner';

const recordArbitrary = fc.oneof(
  { weight: 12, arbitrary: draftArbitrary },
  { weight: 1, arbitrary: fc.constant('ignored' as const) },
  { weight: 1, arbitrary: fc.constant('rubbish' as const) },
  { weight: 1, arbitrary: fc.constant('future' as const) },
);

describe('a partition whose owner crashes', () => {
  it(
    'says, fires, buries and counts what one thread without faults does, whatever was lost and whenever',
    async () => {
      const drafts = fc.array(recordArbitrary, { minLength: 5, maxLength: 80 });
      const property = fc.asyncProperty(drafts, troublesArbitrary(12), async (drawn, troubles) => {
        await expectAsPlain(toRecords(drawn), troubles, () => new ToyStage());
      });
      await fc.assert(property, runs(150));
    },
    patience(120_000),
  );
});

function toRecords(drafts: readonly (string | Draft)[]) {
  let at = START;
  return drafts.map((draft, offset): LogRecord => {
    const record = (value: string): LogRecord => ({
      offset,
      key: 'k',
      value: Buffer.from(value),
      headers: undefined,
      appendedAt: at,
    });
    if (draft === 'future')
      return record(JSON.stringify({ id: `f${offset}`, key: 'a', at: at + 10 * 60_000, act: 'begin', errand: 'a:9' }));
    if (typeof draft === 'string') return record(draft);
    at += draft.step;
    const { id, key, act, errand, due } = draft;
    const event: ToyEvent = {
      id: `${key}${id}`,
      key,
      at,
      act,
      errand: `${key}:${errand}`,
      due: at + due,
    };
    return record(JSON.stringify(event));
  });
}

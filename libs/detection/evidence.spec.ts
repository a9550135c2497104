import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { evidenceOf, type Evidence } from '#test/scenarios/evidence';
import { sections } from '#test/scenarios/facts/sections';

/** One line a story: what its findings show in full, read one by one against the facts. */
const file = join(__dirname, '..', '..', 'test', 'scenarios', 'facts', 'evidence.ndjson');
const told = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly story: string; readonly evidence: readonly Evidence[] });
const stories = new Map(Object.values(sections).flatMap((section) => section.map((story) => [story.name, story] as const)));

describe('a finding shows what differs and the events that it rests on', () => {
  it.each(told.map(({ story, evidence }) => [story, evidence] as const))('%s', (name, evidence) => {
    expect(evidenceOf(stories.get(name)!)).toEqual(evidence);
  });
});

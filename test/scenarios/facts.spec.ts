import { sections } from './facts/sections';
import { orders } from './orders';
import { play } from './play';
import { faultsOf } from './verdict';

describe.each(Object.entries(sections))('facts: %s', (_section, stories) => {
  it.each(stories.map((story) => [story.name, story] as const))('%s', (_name, story) => {
    for (const [order, lines] of Object.entries(orders(story.events)))
      expect({ order, faults: faultsOf(story, play(lines, story.until)) }).toEqual({ order, faults: [] });
  });
});

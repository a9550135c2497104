import { amounts } from './facts/amounts';
import { deliveries } from './facts/deliveries';
import { duplicates } from './facts/duplicates';
import { holds } from './facts/holds';
import { refunds } from './facts/refunds';
import { statements } from './facts/statements';
import { takeovers } from './facts/takeovers';
import { twins } from './facts/twins';
import { orders } from './orders';
import { play } from './play';
import { faultsOf } from './verdict';

const sections = {
  'Duplicate charge': duplicates,
  'Duplicate charge, twins': twins,
  'Holds and stuck funds': holds,
  Refunds: refunds,
  'Amounts and fees': amounts,
  'Statements, wallets, limits': statements,
  'Not delivered': deliveries,
  'Account takeover': takeovers,
};

describe.each(Object.entries(sections))('facts: %s', (_section, stories) => {
  it.each(stories.map((story) => [story.name, story] as const))('%s', (_name, story) => {
    for (const [order, lines] of Object.entries(orders(story.events)))
      expect({ order, faults: faultsOf(story, play(lines, story.until)) }).toEqual({ order, faults: [] });
  });
});

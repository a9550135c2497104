const { projects } = require('../jest.config.cjs');

/**
 * The tests that hold the mutated rooms: their own and the stories. Stryker starts them in a copy of the tree. The contract suite
 * and the comparisons with the model are left out: with them a mutant takes half a minute.
 */
module.exports = {
  ...projects[0],
  roots: ['<rootDir>/libs/detection', '<rootDir>/libs/ledger', '<rootDir>/libs/expectation', '<rootDir>/test/scenarios'],
  testPathIgnorePatterns: [...projects[0].testPathIgnorePatterns, 'detector-contract\\.spec\\.ts$'],
};

import jest = require('@jest/test-sequencer');

const { default: TestSequencer } = jest;
type Tests = Parameters<jest.default['sort']>[0];

const LONGEST = /[\\/]on-engine[\\/]/;

/** Begins with the tests that last longest by far, so that they do not run alone at the end: without times of an earlier run jest goes by size of file. */
class LongestFirst extends TestSequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const rank = ({ path }: Tests[number]) => (LONGEST.test(path) ? 0 : 1);
    return (await super.sort(tests)).sort((one, other) => rank(one) - rank(other));
  }
}

// jest takes only this form
export = LongestFirst;

import jest = require('@jest/test-sequencer');

const { default: TestSequencer } = jest;
type Tests = Parameters<jest.default['sort']>[0];

const LONGEST =
  /[\\/](done-by-others|every-option|kill|frozen|demo|on-engine|plan-and-run|turns-in-order|keys-that-differ|encrypted|page\.test)\b/;

/** Starts the slowest tests first, so that they do not run alone at the end. Jest itself sorts by file size. */
class LongestFirst extends TestSequencer {
  override async sort(tests: Tests): Promise<Tests> {
    const rank = ({ path }: Tests[number]) => (LONGEST.test(path) ? 0 : 1);
    return (await super.sort(tests)).sort((one, other) => rank(one) - rank(other));
  }
}

// jest takes only this form
export = LongestFirst;

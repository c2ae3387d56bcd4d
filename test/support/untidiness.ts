import { traits, type Trait, type Untidy } from '../../simulator/index.js';

/** Traits that make a caller ask more often, or that would take tests real minutes. */
const costly = new Set<Trait>(['shiftedPages', 'lateLists', 'proxies', 'shortTokens', 'lateAnswers', 'lostRows']);
/** Many tests of refusals rest on it that a name can be taken; and where a clock jumps, what lasts for a while may end between two calls. */
const decisive = new Set<Trait>(['sameNames', 'oddClock']);

/** Workflow tests whose cloud is tidy, and why. */
const tidy: Readonly<Record<string, string>> = {
  'issue-agent-token': 'compares the end of a token with the clock of the test',
};

/** How untidy the cloud of a test file is: for tests of workflows as its answers can be, by a seed made of its name; tidy for all others. */
export function untidinessOf(file: string): Untidy | undefined {
  const [, name] = /workflows\/([^/]+)\.test\.[jt]s$/.exec(file) ?? [];
  if (name === undefined || name in tidy) return undefined;
  const seed = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1009, 7);
  return { seed, traits: traits.filter((trait) => !costly.has(trait) && !decisive.has(trait)) };
}

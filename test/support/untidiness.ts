import { traits, type Trait, type Untidy } from '../../simulator/index.js';

/** Traits that cause more calls, or that would take real minutes in tests. */
const costly = new Set<Trait>([
  'shiftedPages',
  'lateLists',
  'mixedAnswers',
  'proxies',
  'shortTokens',
  'lateAnswers',
  'lostRows',
]);
/** Traits that break tests: many need a taken name, and a clock that jumps can end a waiting time between two calls. */
const decisive = new Set<Trait>(['sameNames', 'oddClock']);

/** Workflow tests that need a tidy cloud, and why. */
const tidy: Readonly<Record<string, string>> = {
  'issue-agent-token': 'compares the end of a token with the clock of the test',
};

/** How untidy the cloud of a test file is. Tests of workflows get untidy answers, with a seed from the file name. */
export function untidinessOf(file: string): Untidy | undefined {
  const [, name] = /workflows\/([^/]+)\.test\.[jt]s$/.exec(file) ?? [];
  if (name === undefined || name in tidy) return undefined;
  const seed = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1009, 7);
  return { seed, traits: traits.filter((trait) => !costly.has(trait) && !decisive.has(trait)) };
}

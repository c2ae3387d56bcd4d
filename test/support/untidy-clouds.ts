import { traits, type Trait, type Untidy } from '../../simulator/index.js';

/** What a caller hears of an untidy cloud, and what makes it ask more often. */
const asking = new Set<Trait>(['shiftedPages', 'lateLists', 'proxies', 'shortTokens']);
/** Tests of refusals rest on unique names, and nobody waits for real minutes. */
const never = new Set<Trait>(['sameNames', 'lateAnswers', 'lostRows']);

/** How untidy the cloud of a test file is; tidy for every second file, by its name. */
export function cloudOf(file: string): Untidy | undefined {
  const mode = process.env['UNTIDY_MODE'];
  if (mode === 'tidy') return undefined;
  const name = /([^/]+)\.test\.[jt]s$/.exec(file)?.[1] ?? '';
  const seed = Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) % 1009, 7);
  return { seed, traits: traits.filter((trait) => !never.has(trait) && (mode === 'rough' || !asking.has(trait))) };
}

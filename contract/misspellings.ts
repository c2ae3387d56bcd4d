import { closestMatch } from 'leven';

/** Names that differ in more characters are different names. */
export const MAX_TYPOS = 2;

/** The end of a sentence about an unknown name: the known one that is nearly the same; empty when there is none. */
export function didYouMean(name: string, known: readonly string[]): string {
  // of a short name two characters are most of it
  const maxDistance = Math.min(MAX_TYPOS, Math.floor(name.length / 2));
  const meant = closestMatch(name, known, { maxDistance });
  return meant === undefined || meant === name ? '' : `; did you mean ${meant}?`;
}

/** A sentence with its full stop, if it is no question. */
export function asSentence(words: string): string {
  return words.endsWith('?') ? words : `${words}.`;
}

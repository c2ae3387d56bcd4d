import type { RegistrationToken } from '../acronis/index.js';
import type { Attempt } from './attempt.js';

/** Which stored token is as good as a new one. */
export interface ReuseSpec {
  scopes: string[];
  /** How long it must still be valid. */
  seconds: number;
}

/** A token of an earlier run of the same order, which is stored and still valid. */
export interface UsableToken {
  tokenId: string;
  expiresAt: string | null;
}

/** True when the token has exactly these scopes, and is valid for long enough. */
export function isUsable(
  { scopes, expires_at }: RegistrationToken,
  { now, ...wanted }: ReuseSpec & Pick<Attempt, 'now'>,
): boolean {
  return (
    isSameScopes(scopes, wanted.scopes) &&
    (expires_at === null || Date.parse(expires_at) >= now() + wanted.seconds * 1000)
  );
}

/** Their order does not matter. */
export function isSameScopes(one: readonly string[], other: readonly string[]): boolean {
  return one.toSorted().join(' ') === other.toSorted().join(' ');
}

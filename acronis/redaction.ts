import { UUID } from '../contract/ids.js';

/** Removes secrets from foreign text before the text gets into an error. */
export interface Redaction {
  /** The text on one line, at most 200 characters, without e-mail addresses, tokens, queries or known secrets. */
  clean(text: string, alsoSecret?: readonly string[]): string;
}

const MAX_LENGTH = 200;
const MAX_INPUT_LENGTH = 4_000;

const PATTERNS: readonly [RegExp, string][] = [
  [/\b(basic|bearer)\s+[\w+/=.~-]+/gi, '$1 [redacted]'],
  [/\b([\w-]*(?:secret|token|password|passwd|authorization))("?\s*[:=]\s*"?)[^\s"',;&]+/gi, '$1$2[redacted]'],
  [/\?[^\s"'<>]*=[^\s"'<>]*/g, '?[redacted]'],
  [/[^\s"'<>(),;:=@]+(?:@|%40)[^\s"'<>(),;:]+/gi, '[e-mail]'],
  [/\beyJ[\w.-]+/g, '[redacted]'],
];

/** A redaction that knows the secrets of one client, which the vendor might echo. */
export function createRedaction(secrets: readonly string[]): Redaction {
  return {
    clean(text, alsoSecret = []) {
      let clean = text.replaceAll(/\s+/g, ' ').trim();
      for (const secret of [...secrets, ...alsoSecret]) {
        if (secret !== '') clean = clean.replaceAll(secret, '[redacted]');
      }
      clean = clean.slice(0, MAX_INPUT_LENGTH);
      for (const [pattern, substitute] of PATTERNS) clean = clean.replaceAll(pattern, substitute);
      // long unbroken runs are usually keys or tokens; ids are the exception
      clean = clean.replaceAll(/[\w+/=.~-]{32,}/g, (run) => (UUID.test(run) ? run : '[redacted]'));
      return clean.slice(0, MAX_LENGTH);
    },
  };
}

/** Removes secrets from text that others wrote, before it gets into an error. */
export interface Redaction {
  /** The text on one line, at most 200 characters, without e-mail addresses, tokens, queries or known secrets. */
  clean(text: string, alsoSecret?: readonly string[]): string;
}

const REASON_LIMIT = 200;
const LENGTH_WORTH_READING = 4_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const PATTERNS: readonly [RegExp, string][] = [
  [/\b(basic|bearer)\s+[\w+/=.~-]+/gi, '$1 [redacted]'],
  [/\b([\w-]*(?:secret|token|password|passwd|authorization))("?\s*[:=]\s*"?)[^\s"',;&]+/gi, '$1$2[redacted]'],
  [/\?[^\s"'<>]*=[^\s"'<>]*/g, '?[redacted]'],
  [/[^\s"'<>(),;:=@]+(?:@|%40)[^\s"'<>(),;:]+/gi, '[e-mail]'],
  [/\beyJ[\w.-]+/g, '[redacted]'],
];

/** Knows the secrets of one client; each is removed wherever the vendor might echo it. */
export function createRedaction(secrets: readonly string[]): Redaction {
  return {
    clean(text, alsoSecret = []) {
      let clean = text.replaceAll(/\s+/g, ' ').trim();
      for (const secret of [...secrets, ...alsoSecret]) {
        if (secret !== '') clean = clean.replaceAll(secret, '[redacted]');
      }
      clean = clean.slice(0, LENGTH_WORTH_READING);
      for (const [pattern, substitute] of PATTERNS) clean = clean.replaceAll(pattern, substitute);
      // Long unbroken runs are keys or tokens more often than words; ids are the exception we want to keep.
      clean = clean.replaceAll(/[\w+/=.~-]{32,}/g, (run) => (ID.test(run) ? run : '[redacted]'));
      return clean.slice(0, REASON_LIMIT);
    },
  };
}

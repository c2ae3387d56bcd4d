import { UUID } from '../contract/ids.js';

/** Removes secrets from foreign text before the text gets into an error. */
export interface Redaction {
  /** The text on one line, at most 200 characters, without e-mail addresses, tokens, queries or known secrets. */
  clean(text: string, alsoSecret?: readonly string[]): string;
}

const MAX_LENGTH = 200;
/** A secret that is cut off here is far behind what remains of the text. */
const MAX_SEARCHED_LENGTH = 64_000;
const MAX_INPUT_LENGTH = 4_000;

const PATTERNS: readonly [RegExp, string][] = [
  [/\b(basic|bearer)\s+[\w+/=.~-]+/gi, '$1 [redacted]'],
  [/\b([\w-]*(?:secret|token|password|passwd|authorization))("?\s*[:=]\s*"?)[^\s"',;&]+/gi, '$1$2[redacted]'],
  [/\?[^\s"'<>]*=[^\s"'<>]*/g, '?[redacted]'],
  [/[^\s"'<>(),;:=@]+(?:@|%40)[^\s"'<>(),;:]+/gi, '[e-mail]'],
  [/\beyJ[\w.-]+/g, '[redacted]'],
];

/** A token can be much longer; then what follows its beginning without a gap is taken for the rest. */
const LONGEST_COMPARED = 256;
/** A shorter secret in base64 has too few characters of its own to be recognised within a longer text. */
const SHORTEST_IN_BASE64 = 6;

/** A redaction that knows the secrets of one client, which the vendor might echo. */
export function createRedaction(secrets: readonly string[]): Redaction {
  const known = secrets.map(removalOf);
  return {
    clean(text, alsoSecret = []) {
      let clean = text.slice(0, MAX_SEARCHED_LENGTH).replaceAll(/\s+/g, ' ').trim();
      for (const remove of [...known, ...alsoSecret.map(removalOf)]) clean = remove(clean);
      clean = clean.slice(0, MAX_INPUT_LENGTH);
      for (const [pattern, substitute] of PATTERNS) clean = clean.replaceAll(pattern, substitute);
      // long unbroken runs are usually keys or tokens; ids are the exception
      clean = clean.replaceAll(/[\w+/=.~-]{32,}/g, (run) => (UUID.test(run) ? run : '[redacted]'));
      return clean.slice(0, MAX_LENGTH);
    },
  };
}

/** Removes a secret from a text. Its patterns are large, so they are made for the first text that is long enough. */
function removalOf(secret: string): (text: string) => string {
  const plain = secret.replaceAll(/\s+/g, ' ').trim();
  const compared = plain.slice(0, LONGEST_COMPARED);
  let forms: RegExp[] | undefined;
  return (text) => {
    if (plain === '' || text.length < compared.length) return text;
    forms ??= formsOf(compared, compared === plain ? '' : '[\\w%+/=.~-]*');
    return forms.reduce((cleaner, form) => cleaner.replaceAll(form, '[redacted]'), text);
  };
}

/**
 * The forms in which a secret may be echoed: in capitals or not, escaped for URLs, JSON or HTML as a whole or in part,
 * and in base64 of either alphabet, by itself or within a longer text. None is shorter than the secret.
 */
function formsOf(secret: string, rest: string): RegExp[] {
  const forms = [Array.from(secret, anyEscape).join(''), ...base64Forms(secret)];
  return forms.map((form) => new RegExp(form + rest, 'giu'));
}

/** One character, as it is or escaped. */
function anyEscape(character: string): string {
  const code = character.codePointAt(0)!;
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16).padStart(4, '0'));
  const bytes = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  return `(?:${[
    `\\\\?${literally(character)}`,
    ...(character === ' ' ? ['\\+'] : []),
    bytes.map((byte) => `%(?:25)*${byte}`).join(''),
    units.map((unit) => `\\\\u${unit}`).join(''),
    `&#(?:0*${code}|x0*${code.toString(16)});`,
  ].join('|')})`;
}

/**
 * A secret in base64 looks different after none, one or two other bytes. The characters at both ends that depend on its
 * neighbours are left out.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const whole = toBase64Pattern(bytes.toString('base64').replaceAll('=', ''));
  if (bytes.length < SHORTEST_IN_BASE64) return [`(?<![\\w+/-])${whole}={0,2}(?![\\w+/-])`];
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const own = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return `[\\w+/-]?${toBase64Pattern(own)}[\\w+/-]?={0,2}`;
  });
}

/** Base64 of both alphabets, perhaps escaped for a URL. */
function toBase64Pattern(base64: string): string {
  return base64.replaceAll(/[+/]/g, (sign) => (sign === '+' ? '(?:[+-]|%2b)' : '(?:[/_]|%2f)'));
}

function literally(character: string): string {
  return /[\w\s]|[^\0-\x7f]/.test(character)
    ? character
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

const BOM_UTF16_LE = 0xfffe;
const BOM_UTF16_BE = 0xfeff;
const REPLACEMENT = '\uFFFD';
const REMEDY = 'save it as UTF-8';

/**
 * Decodes a text that a person or another program has written: UTF-8, with or without a byte order mark, which is
 * dropped. Fails with the position of the first byte that is not UTF-8, or with the name of another encoding. It shows no
 * byte, because the text may be a secret.
 */
export function decodeText(bytes: Uint8Array): string {
  const other = otherEncoding(bytes);
  if (other !== undefined) throw new Error(`it is ${other}; ${REMEDY}`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const { offset, line } = findInvalid(bytes);
    throw new Error(`it is not UTF-8: the byte at offset ${offset}, in line ${line}, is invalid; ${REMEDY}`);
  }
}

/** Without a mark, UTF-16 is recognised by the zero byte next to the first character. */
function otherEncoding([first = 1, second = 1]: Uint8Array): string | undefined {
  const mark = first * 256 + second;
  if (mark === BOM_UTF16_LE || (first !== 0 && second === 0)) return 'UTF-16 (little endian)';
  if (mark === BOM_UTF16_BE || (first === 0 && second !== 0)) return 'UTF-16 (big endian)';
  return undefined;
}

/** Where the first byte is that is not UTF-8, counted from 0, and in which line, counted from 1. */
function findInvalid(bytes: Uint8Array): { offset: number; line: number } {
  const encoder = new TextEncoder();
  let [offset, line] = [0, 1];
  for (const character of new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)) {
    const { length } = encoder.encode(character);
    const isWritten = [...encoder.encode(character)].every((byte, at) => bytes[offset + at] === byte);
    if (character === REPLACEMENT && !isWritten) break;
    if (character === '\n') line += 1;
    offset += length;
  }
  return { offset, line };
}

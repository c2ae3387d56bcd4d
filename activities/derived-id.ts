import { createHash } from 'node:crypto';
import { markText, type Mark } from '../contract/mark.js';

const NAMESPACE = Buffer.from('6b0f6a4e1d5f4f0c9a41c2f0d3b87e55', 'hex');

/**
 * A UUID for something that this run makes (version 5: by name). The same mark and thing always give the same, so that a repeat makes the
 * same thing again and an undo finds it.
 */
export function derivedId(mark: Mark, thing: string): string {
  const bytes = createHash('sha1')
    .update(NAMESPACE)
    .update(`${markText(mark)}:${thing}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

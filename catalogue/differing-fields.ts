import { differences } from '../contract/differences.js';
import type { CatalogueEntry } from './entry.js';

/** How the input with which a run was started differs from an order, in words; empty when both are equal. */
export function differingFields({ read }: CatalogueEntry, startedWith: unknown, order: unknown): string[] {
  const reading = read(startedWith, { hasBegun: true });
  return reading.ok
    ? differences(reading.order, order).map((one) => `${one.path} is ${one.there} there and ${one.here} here`)
    : ['its input cannot be read any more'];
}

import type { z } from 'zod';
import type { InputReading, ReadOptions } from './input.js';
import type { EveryOrder } from '../contract/orders.js';

/** What an interface needs to know about an operation: above all how to read its input. */
export interface CatalogueEntry {
  name: string;
  summary: string;
  schema: z.ZodType;
  read(input: unknown, options?: ReadOptions): InputReading<EveryOrder>;
  /** The other operations that create the same kind of tenant for a key; undefined for an order that creates none. */
  alsoMadeBy?(order: object): readonly string[] | undefined;
}

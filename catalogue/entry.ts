import type { z } from 'zod';
import type { InputReading } from './input.js';
import type { EveryOrder } from '../contract/orders.js';

/** What a door needs to know of an operation: how to read its input. */
export interface CatalogueEntry {
  name: string;
  summary: string;
  schema: z.ZodType;
  read(input: unknown): InputReading<EveryOrder>;
  /** The other operations that make a tenant of the same kind for a key; undefined for an order that makes none. */
  alsoMadeBy?(order: object): readonly string[] | undefined;
}

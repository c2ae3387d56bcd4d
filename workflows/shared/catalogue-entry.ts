import type { z } from 'zod';
import type { InputReading } from './input.js';
import type { EveryOrder } from './order.js';

/** What a door needs to know of an operation: how to read its input, and whether a finished run answers a second start. */
export interface CatalogueEntry {
  name: string;
  summary: string;
  schema: z.ZodType;
  read(input: unknown): InputReading<EveryOrder>;
  /** `finished-run-answers`: a completed run is the answer to the same order. `anew`: each start is a run of its own. */
  again: 'finished-run-answers' | 'anew';
}

import type { z } from 'zod';
import { PROVISION_CUSTOMER } from './provision-customer/contract.js';
import { provisionCustomerSchema, readProvisionCustomer } from './provision-customer/schema.js';
import type { InputReading } from './shared/input.js';

/** What a door needs to know of an operation: how to read its input, and whether a finished run answers a second start. */
export interface CatalogueEntry {
  name: string;
  summary: string;
  schema: z.ZodType;
  read(input: unknown): InputReading<{ cloud?: string; externalRef?: string; onFailure: string }>;
  /** `finished-run-answers`: a completed run is the answer to the same order. `anew`: each start is a run of its own. */
  again: 'finished-run-answers' | 'anew';
}

/** Every operation of this product, by the name of its workflow type. */
export const catalogue: Readonly<Record<string, CatalogueEntry>> = {
  [PROVISION_CUSTOMER]: {
    name: PROVISION_CUSTOMER,
    summary: 'Makes a customer tenant with its offering items, two-factor rule and first administrator.',
    schema: provisionCustomerSchema,
    read: readProvisionCustomer,
    again: 'finished-run-answers',
  },
};

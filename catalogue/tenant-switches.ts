import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { commonFields, createReader, tenantKey, tenantRef } from './input.js';
import { tenantSwitches, type TenantSwitchOrder } from '../workflows/tenant-switches/contract.js';

const schema = z.strictObject({ tenant: tenantRef(), ...commonFields });
const read = createReader<TenantSwitchOrder>(schema, tenantKey);

export const tenantSwitchEntries: CatalogueEntry[] = Object.entries(tenantSwitches).map(([name, { summary }]) => ({
  name,
  summary,
  schema,
  read,
}));

import { z } from 'zod';
import type { CatalogueEntry } from './entry.js';
import { everyOperation, reader, tenantKey, tenantRef } from './input.js';
import { tenantSwitches, type TenantSwitchOrder } from '../workflows/tenant-switches/contract.js';

const schema = z.strictObject({ tenant: tenantRef(), ...everyOperation });
const read = reader<TenantSwitchOrder>(schema, tenantKey);

export const tenantSwitchEntries: CatalogueEntry[] = Object.entries(tenantSwitches).map(([name, { summary }]) => ({
  name,
  summary,
  schema,
  read,
}));

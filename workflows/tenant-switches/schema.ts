import { z } from 'zod';
import type { CatalogueEntry } from '../shared/catalogue-entry.js';
import { everyOperation, reader, tenantKey, tenantRef } from '../shared/input.js';
import { tenantSwitches, type TenantSwitchOrder } from './contract.js';

const schema = z.strictObject({ tenant: tenantRef(), ...everyOperation });
const read = reader<TenantSwitchOrder>(schema, tenantKey);

export const tenantSwitchEntries: CatalogueEntry[] = Object.entries(tenantSwitches).map(([name, { summary }]) => ({
  name,
  summary,
  schema,
  read,
}));

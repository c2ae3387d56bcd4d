import { z } from 'zod';
import { absent } from './shapes.js';

export const meShape = z.object({
  id: z.string(),
  tenant_id: z.guid(),
  login: absent(z.string()),
  personal_tenant_id: absent(z.string()),
  tenant_kind: absent(z.string()),
});

/** Who calls: a user, or an API client, which has no login. */
export type Me = z.output<typeof meShape>;

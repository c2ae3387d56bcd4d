import { z } from 'zod';
import { absent, anyId, guid } from './shapes.js';

export const meShape = z.object({
  id: anyId,
  tenant_id: guid,
  login: absent(z.string()),
  personal_tenant_id: absent(anyId),
  tenant_kind: absent(z.string()),
});

/** Who calls: a user, or an API client, which has no login. */
export type Me = z.output<typeof meShape>;

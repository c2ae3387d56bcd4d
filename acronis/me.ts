import { z } from 'zod';

const absent = z.string().nullable().default(null);

export const meShape = z.object({
  id: z.string(),
  tenant_id: z.guid(),
  login: absent,
  personal_tenant_id: absent,
  tenant_kind: absent,
});

/** Who calls: a user, or an API client, which has no login. */
export type Me = z.output<typeof meShape>;

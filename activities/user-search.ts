import type { Acronis, User } from '../acronis/index.js';
import { isSameId } from '../contract/ids.js';
import { nameKey } from '../contract/names.js';

/** Finds the user with this login in exactly this tenant. Upper and lower case are equal, as in the platform. */
export async function findUser(acronis: Acronis, tenantId: string, login: string): Promise<User | undefined> {
  const wanted = nameKey(login.toLowerCase());
  for await (const user of acronis.users.list({ tenantId }))
    if (isSameId(user.tenant_id, tenantId) && nameKey(user.login.toLowerCase()) === wanted) return user;
  return undefined;
}

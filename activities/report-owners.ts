import { AcronisError, type Acronis } from '../acronis/index.js';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * Fails with `unreadable` when a report tells of other tenants only, and of none that is the one it was ordered on, or was below it. A report that
 * names no tenants by their ids is believed.
 */
export async function checkOwners(acronis: Acronis, tenantId: string, tenants: readonly string[] = []): Promise<void> {
  const told = new Set(tenants);
  if (told.size === 0 || told.has(tenantId) || ![...told].every((id) => GUID.test(id))) return;
  for await (const { id } of acronis.tenants.list({ subtreeRootId: tenantId }, { allowDeleted: true }))
    if (told.has(id)) return;
  throw new AcronisError('unreadable', 'reports.download', {
    route: 'GET /reports/{id}/stored/{id}',
    status: 200,
    reason: 'the report tells of other tenants only',
  });
}

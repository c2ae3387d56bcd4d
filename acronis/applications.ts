import { z } from 'zod';
import type { HttpClient } from './http-client.js';
import { allPages } from './paging.js';
import { optional, guid } from './shapes.js';

const applicationShape = z.object({
  id: guid,
  /** E.g. `backup`; `platform` cannot be disabled. */
  type: z.string(),
  name: optional(z.string()),
});

/** A service of the platform. */
export type Application = z.output<typeof applicationShape>;

/**
 * The calls for applications.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (services)
 */
export function createApplications(http: HttpClient) {
  return {
    /** All applications of the cloud. Safe to repeat. */
    list: async (): Promise<Application[]> =>
      allPages(http, { operation: 'applications.list', route: 'GET /applications' }, applicationShape),
    /** Ids of the applications that are enabled for a tenant. Safe to repeat. */
    idsOf: async (id: string): Promise<string[]> =>
      allPages(http, { operation: 'applications.idsOf', route: 'GET /tenants/{id}/applications', id }, guid),
    /**
     * Disables an application in the tenant and all tenants below, and destroys its data there. This cannot be undone.
     * Safe to repeat. Fails with `rejected` for the platform.
     */
    async unbind(applicationId: string, tenantId: string): Promise<void> {
      const route = 'DELETE /applications/{id}/bindings/tenants/{id}';
      const call = { operation: 'applications.unbind', route, id: [applicationId, tenantId] };
      await http.send({ ...call, successStatuses: [204] });
    },
  };
}

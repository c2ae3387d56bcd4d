import { z } from 'zod';
import type { Http } from './http.js';
import { allPages } from './paging.js';
import { absent, guid } from './shapes.js';

const applicationShape = z.object({
  id: guid,
  /** E.g. `backup`; `platform` is the one that cannot be switched off. */
  type: z.string(),
  name: absent(z.string()),
});

/** A service of the platform. */
export type Application = z.output<typeof applicationShape>;

/** @see https://developer.acronis.com/doc/account-management/v2/guide/ (services) */
export interface Applications {
  /** All there are in the cloud, whoever has them. Safe to repeat. */
  list(): Promise<Application[]>;
  /** Ids of those switched on for a tenant. Safe to repeat. */
  idsOf(tenantId: string): Promise<string[]>;
  /** Switches an application on, but none of its offering items. Safe to repeat. */
  bind(applicationId: string, tenantId: string): Promise<void>;
  /**
   * Switches an application off in the tenant and all below it, and destroys its data there. Can never be taken back.
   * Safe to repeat. Fails with `rejected` for the platform.
   */
  unbind(applicationId: string, tenantId: string): Promise<void>;
}

/** The calls on applications. */
export function createApplications(http: Http): Applications {
  const binding = '/applications/{id}/bindings/tenants/{id}';
  return {
    list: async () => allPages(http, { operation: 'applications.list', route: 'GET /applications' }, applicationShape),
    idsOf: async (id) =>
      allPages(http, { operation: 'applications.idsOf', route: 'GET /tenants/{id}/applications', id }, guid),
    async bind(applicationId, tenantId) {
      await http.send({
        operation: 'applications.bind',
        success: [204],
        route: `POST ${binding}`,
        id: [applicationId, tenantId],
      });
    },
    async unbind(applicationId, tenantId) {
      await http.send({
        operation: 'applications.unbind',
        success: [204],
        route: `DELETE ${binding}`,
        id: [applicationId, tenantId],
      });
    },
  };
}

import type { Tenant } from '../acronis/index.js';
import { keyInTag } from '../contract/mark.js';
import type { ListedTenant, TenantPage, TenantPageSpec } from '../contract/tenant-listing.js';
import { activity } from './activity.js';
import type { ActivityDependencies, Attempt } from './attempt.js';

/** The list of tenants, for those who have no credentials of the cloud. It only reads. */
export function createTenantListingActivities(dependencies: ActivityDependencies & { environment: string }) {
  const { environment } = dependencies;
  const list = activity.look(dependencies, async ({ after }: TenantPageSpec, { acronis }: Attempt) => {
    const rootTenantId = await acronis.rootTenantId();
    const { items, after: next } = await acronis.tenants.page(rootTenantId, after);
    const tenants = items.filter(({ id, deleted_at }) => id !== rootTenantId && deleted_at === null);
    const listed = tenants.map((tenant) => toListed(tenant, environment));
    return { result: { rootTenantId, tenants: listed, ...(next !== undefined && { next }) } };
  });
  return {
    /** One page of the tenants below our root. */
    listTenantPage: async (spec: TenantPageSpec): Promise<TenantPage> => (await list(spec)).result,
  };
}

function toListed({ id, parent_id, name, kind, customer_id, internal_tag }: Tenant, environment: string): ListedTenant {
  const madeFor = keyInTag(internal_tag, environment);
  return {
    tenantId: id,
    parentId: parent_id,
    name,
    kind,
    ...(customer_id && { customerId: customer_id }),
    ...(madeFor !== undefined && { madeFor }),
  };
}

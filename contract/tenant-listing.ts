/** The type of the workflow that lists the tenants of a cloud, one page at a time, and the first part of its ids. */
export const LIST_TENANTS = 'listTenants';

export interface TenantPageSpec {
  cloud: string;
  /** The `next` of the page before; the first page without it. */
  after?: string;
}

/** A tenant as the cloud's list shows it. Ids are in lower case. */
export interface ListedTenant {
  tenantId: string;
  parentId: string;
  name: string;
  kind: string;
  customerId?: string;
  /** The business key of the order that has made it, by the mark of this environment. */
  madeFor?: string;
}

/** The tenants below the API client's own, at most 500. */
export interface TenantPage {
  rootTenantId: string;
  tenants: ListedTenant[];
  /** Absent on the last page. */
  next?: string;
}

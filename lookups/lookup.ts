import type { Acronis, Tenant } from '../acronis/index.js';

/** Through which client, and in which tenant, something is looked up. */
export interface Scope {
  acronis: Acronis;
  tenant: Tenant;
}

/** What a field of a row can be, so that every row fits a line of CSV. */
export type Cell = string | number | boolean | null | readonly string[];

/** One kind of look-up. It changes nothing and asks the cloud for no more than is taken from it. */
export interface Lookup<Filter, Row extends Record<keyof Row, Cell>> {
  /** The fields of every row, in order. */
  fields: readonly (keyof Row & string)[];
  /** Fails with AcronisErrors. */
  find(scope: Scope, filter: Filter): AsyncIterable<Row>;
}

/** The client in the scope of the tenant: some services answer for the whole of what a caller sees and know no other filter. */
export async function scopedClient({ acronis, tenant }: Scope): Promise<Acronis> {
  return (await isRoot({ acronis, tenant })) ? acronis : acronis.scopedTo(tenant.id);
}

/** Whether the tenant is the one under which the client acts. */
export async function isRoot({ acronis, tenant }: Scope): Promise<boolean> {
  return tenant.id === (await acronis.rootTenantId());
}

/** Whether the text holds the part, whatever its case; every text does when no part is wanted. */
export function includesIgnoringCase(text: string | null, part: string | undefined): boolean {
  return part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
}

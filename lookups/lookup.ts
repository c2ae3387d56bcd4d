import type { Acronis, Tenant } from '../acronis/index.js';
import type { RowCell } from '../contract/questions.js';

const TIME_ZONE = /(Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i;

/** The client and the tenant of a look-up. */
export interface LookUpScope {
  acronis: Acronis;
  tenant: Tenant;
}

/** The value of a field. Every row fits a line of CSV. */
export type Cell = RowCell;

/** One kind of look-up. It changes nothing, and requests pages only when their rows are read. */
export interface Lookup<Filter, Row extends Record<keyof Row, Cell>> {
  /** The fields of every row, in order. */
  fields: readonly (keyof Row & string)[];
  /** Fails with AcronisErrors. */
  find(scope: LookUpScope, filter: Filter): AsyncIterable<Row>;
}

/** How each field of a row comes from a listed item. */
type Fields<Item> = Record<string, (item: Item) => Cell>;
type RowOf<F extends Fields<never>> = { [Name in keyof F]: ReturnType<F[Name]> };

/** The row that these fields make of an item. */
export function rowOf<Item, F extends Fields<Item>>(fields: F, item: Item): RowOf<F> {
  return Object.fromEntries(Object.entries(fields).map(([name, read]) => [name, read(item)])) as RowOf<F>;
}

/** A look-up of these items, with these fields in every row. */
export function lookup<Item, Filter, F extends Fields<Item>>(
  list: (scope: LookUpScope, filter: Filter) => AsyncIterable<Item>,
  fields: F,
): Lookup<Filter, RowOf<F>> {
  return {
    fields: Object.keys(fields),
    async *find(scope, filter) {
      for await (const item of list(scope, filter)) yield rowOf(fields, item);
    },
  };
}

/**
 * The client in the scope of the tenant. Some services always return everything that the caller can see and have no
 * filter for tenants.
 */
export async function scopedClient({ acronis, tenant }: LookUpScope): Promise<Acronis> {
  return (await isRoot({ acronis, tenant })) ? acronis : acronis.scopedTo(tenant.id);
}

/** Whether the tenant is the client's own. */
export async function isRoot({ acronis, tenant }: LookUpScope): Promise<boolean> {
  return tenant.id === (await acronis.rootTenantId());
}

/** Whether the text contains the part, ignoring case; true if no part is given. */
export function includesIgnoringCase(text: string | null, part: string | undefined): boolean {
  return part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
}

/**
 * Converts the vendor's times to one form that sorts as text: `2024-07-02T10:11:12Z`. Without a zone a time is UTC; an
 * unknown form stays unchanged.
 */
export function toUtc(time: string | null): string | null {
  if (time === null) return null;
  const read = new Date(TIME_ZONE.test(time) ? time : `${time}Z`);
  return Number.isNaN(read.getTime()) ? time : read.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

import type { Json, Reply } from './router.js';

/** Fields that only some samples of the vendor's guide contain. */
const optional = new Set([
  'allowed_member_types',
  'barrier',
  'brand_enabled',
  'brand_id',
  'brand_uuid',
  'business_types',
  'contacts',
  'customer_type',
  'default_idp_id',
  'expires_in',
  'idp_id',
  'kbLink',
  'locked',
  'notifications',
  'session_mfa_status',
  'terms_accepted',
  'timestamp',
  'updated_at',
]);
/** Fields that the guide promises in every list. */
const promised = new Set(['items', 'paging', 'cursors']);
/** Optional fields of the error bodies of all APIs. */
const optionalInErrors = new Set(['addition', 'context', 'data', 'debug', 'kbLink', 'severity']);
const news: Json = {
  customer_type: 'next_generation',
  notifications: ['quota', 'sustainability'],
  business_types: ['orbital'],
};

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

/** Leaves out some optional fields: those that are null or empty, or that not all samples of the guide contain. */
export function omitOptional<T>(value: T, draw: (what: string) => number): T {
  if (Array.isArray(value)) return value.map((one) => omitOptional(one as unknown, draw)) as T;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    const legacyName = name === 'usage_name' && 'status' in value && one === value['name'];
    const missable = one === null || isEmpty(one) || optional.has(name) || legacyName;
    if (promised.has(name) || !missable || draw(name) < 0.4) return [[name, omitOptional(one, draw)]];
    return one !== null && draw(`${name}?`) < 0.5 ? [[name, null]] : [];
  });
  return Object.fromEntries(entries) as T;
}

/** Adds a field and values that no client knows yet. */
export function addUnknownValues(body: object): object {
  const renewed = (one: unknown): unknown => {
    if (!isObject(one)) return one;
    const known = Object.entries(news).filter(([name]) => name in one);
    return { ...one, ...Object.fromEntries(known), added_lately: { since: 'C99.01', flags: [] } };
  };
  const { items } = body as { items?: unknown };
  return { ...(renewed(body) as object), ...(Array.isArray(items) ? { items: items.map(renewed) } : {}) };
}

/** An error answer without the fields that the guide calls optional. */
export function withoutOptionalParts({ body, ...reply }: Reply): Reply {
  return { ...reply, body: strip(body) };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !optionalInErrors.has(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, strip(one)]));
}

/** The same rows, with one of them twice. */
export function repeatRow(rows: readonly unknown[], at: number): unknown[] {
  return [...rows.slice(0, at + 1), ...rows.slice(at)];
}

export function removeRow(rows: readonly unknown[], at: number): unknown[] {
  return rows.filter((_row, nth) => nth !== at);
}

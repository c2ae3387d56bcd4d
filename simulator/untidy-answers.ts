import type { Json, Reply } from './router.js';

/** What an answer may lack although it has a value, by the samples of the vendor's guide, which differ in it. */
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
/** What lists are walked by, and what a list is; the guide promises them. */
const promised = new Set(['items', 'paging', 'cursors']);
/** What a refusal may lack, each interface in its own words. */
const dispensable = new Set(['addition', 'context', 'data', 'debug', 'kbLink', 'severity']);
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

/** Without some of what may be missing: what is null or empty, and what the guide's samples do not all have. */
export function sparse<T>(value: T, draw: (what: string) => number): T {
  if (Array.isArray(value)) return value.map((one) => sparse(one as unknown, draw)) as T;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    const legacyName = name === 'usage_name' && 'status' in value && one === value['name'];
    const missable = one === null || isEmpty(one) || optional.has(name) || legacyName;
    if (promised.has(name) || !missable || draw(name) < 0.4) return [[name, sparse(one, draw)]];
    return one !== null && draw(`${name}?`) < 0.5 ? [[name, null]] : [];
  });
  return Object.fromEntries(entries) as T;
}

/** With a field and with values that are younger than any client. */
export function withNews(body: object): object {
  const renewed = (one: unknown): unknown => {
    if (!isObject(one)) return one;
    const known = Object.entries(news).filter(([name]) => name in one);
    return { ...one, ...Object.fromEntries(known), added_lately: { since: 'C99.01', flags: [] } };
  };
  const { items } = body as { items?: unknown };
  return { ...(renewed(body) as object), ...(Array.isArray(items) ? { items: items.map(renewed) } : {}) };
}

/** A refusal without the parts that the guide calls optional. */
export function bare({ body, ...reply }: Reply): Reply {
  return { ...reply, body: plain(body) };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !dispensable.has(name));
  return Object.fromEntries(kept.map(([name, one]) => [name, plain(one)]));
}

/** The same rows, one of them twice. */
export function repeated(rows: readonly unknown[], at: number): unknown[] {
  return [...rows.slice(0, at + 1), ...rows.slice(at)];
}

export function without(rows: readonly unknown[], at: number): unknown[] {
  return rows.filter((_row, nth) => nth !== at);
}

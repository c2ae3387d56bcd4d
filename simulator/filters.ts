import { badRequest } from './errors.js';
import type { Json } from './router.js';

type Value = string | number | boolean | null | undefined;

/**
 * Whether a value matches a query filter of the newer APIs: the value itself, `eq(x)`, one of `or(x,y)`, a part by
 * `like(x)`, `hlike(x)` or `tlike(x)`, or a comparison by `gt(x)`, `ge(x)`, `lt(x)` or `le(x)`. `rank` turns
 * values into numbers for comparisons.
 */
export function matchesFilter(asked: string, value: Value, rank: (text: string) => number = Number): boolean {
  const [, name, argument] = /^([a-z]+)\((.*)\)$/s.exec(asked) ?? [];
  if (name === undefined || argument === undefined) return same(asked, value);
  const text = String(value ?? '').toLowerCase();
  const wanted = argument.toLowerCase();
  const by = () => rank(String(value ?? '')) - rank(argument);
  const tests: Record<string, () => boolean> = {
    or: () => argument.split(',').some((one) => matchesFilter(one.trim(), value, rank)),
    eq: () => same(argument, value),
    like: () => text.includes(wanted),
    hlike: () => text.startsWith(wanted),
    tlike: () => text.endsWith(wanted),
    gt: () => by() > 0,
    ge: () => by() >= 0,
    lt: () => by() < 0,
    le: () => by() <= 0,
  };
  const test = tests[name];
  if (test === undefined) throw badRequest(`unknown filter ${name}`);
  return test();
}

function same(asked: string, value: Value): boolean {
  return asked.toLowerCase() === String(value ?? '').toLowerCase();
}

/** Whether an object matches all given filters. If a filter has several values, one match is enough. */
export function matchesFilters(
  query: URLSearchParams,
  values: Record<string, Value>,
  ranks: Record<string, (text: string) => number> = {},
): boolean {
  return Object.entries(values).every(([name, value]) => {
    const asked = query.getAll(name).flatMap((one) => (one.includes('(') ? [one] : one.split(',')));
    return asked.length === 0 || asked.some((one) => matchesFilter(one, value, ranks[name]));
  });
}

/** Sorts by `asc(field)` or `desc(field)`; without an order the items stay as they are. */
export function sortItems<T extends Json>(items: readonly T[], order: string | null): T[] {
  const [, way, field = ''] = /^(asc|desc)\((\w+)\)/.exec(order ?? '') ?? [];
  if (way === undefined) return [...items];
  const sorted = items.toSorted((a, b) =>
    text(a[field]) < text(b[field]) ? -1 : text(a[field]) > text(b[field]) ? 1 : 0,
  );
  return way === 'asc' ? sorted : sorted.toReversed();
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));

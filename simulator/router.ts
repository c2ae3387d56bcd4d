import type { Token } from './entities.js';
import { badRequest } from './errors.js';
import type { World } from './world.js';

export type Json = Record<string, unknown>;

/** One call, ready to be handled. */
export interface Call {
  world: World;
  /** Ids out of the path, in order. */
  ids: string[];
  query: URLSearchParams;
  body: Json;
  headers: NodeJS.Dict<string | string[]>;
  /** Who calls; only routes that are open to all lack it. */
  caller: Token;
  /** Where this server is reached. */
  origin: string;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The text ends with a line end. */
  endsLine?: boolean;
  /** The second half of the text is missing. */
  cut?: boolean;
  /** The text comes in pieces, the last of them so late. */
  dripMs?: number;
}

export type Handler = (call: Call) => Reply;

export interface Route {
  /** Verb and path below its base, ids as `{id}`. */
  pattern: string;
  parts: readonly string[];
  handle: Handler;
  /** `open` needs no token; `form` is a form-encoded one of those. */
  access: 'token' | 'open' | 'form';
}

export const route = (pattern: string, handle: Handler, access: Route['access'] = 'token'): Route => ({
  pattern,
  parts: pattern.split(/[ /]+/),
  handle,
  access,
});

export const ok = (body: unknown, status = 200): Reply => ({ status, body });
export const empty: Reply = { status: 204 };

interface Match {
  route: Route;
  ids: string[];
}

/** Finds the route of a call. Fixed words win over ids, so that `/tenants/offering_items` is no tenant. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
  const called = [method, ...path.split('/').filter((part) => part !== '')];
  const fitting = routes
    .filter(
      ({ parts }) =>
        parts.length === called.length && parts.every((part, at) => part === '{id}' || part === called[at]),
    )
    .map((one) => ({
      route: one,
      ids: called.filter((_part, at) => one.parts[at] === '{id}').map(decoded),
    }));
  return fitting.sort((a, b) => a.ids.length - b.ids.length)[0];
}

/** What cannot be decoded stays as it is, and is no id. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The nth id of the path, which must look like one. */
export function idOf({ ids }: Call, at = 0): string {
  const id = ids[at] ?? '';
  if (!uuid.test(id)) throw badRequest(`${id} is not a valid id`);
  return id.toLowerCase();
}

/** A text field that must be there. */
export function required(body: Json, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value.trim() === '') throw badRequest(`field ${field} is required`);
  return value;
}

/** A true or false that may come as text, as the vendor's own examples send it. */
export function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === undefined || value === null) return undefined;
  throw badRequest(`${JSON.stringify(value)} is not a boolean`);
}

/** A whole number that may come as text. */
export function integer(value: unknown, field: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw badRequest(`${field} must be an integer`);
  return number;
}

/** The entries of a query field that lists several; undefined where it is not given. */
export function listOf(query: URLSearchParams, name: string): string[] | undefined {
  return query
    .get(name)
    ?.split(',')
    .filter((one) => one !== '');
}

import type { Token } from './entities.js';
import { badRequest } from './errors.js';
import type { World } from './world.js';

export type Json = Record<string, unknown>;

/** One call with everything that a handler needs. */
export interface Call {
  world: World;
  /** Ids in the path, in order. */
  ids: string[];
  query: URLSearchParams;
  body: Json;
  headers: NodeJS.Dict<string | string[]>;
  /** Who calls; empty on routes that need no login. */
  caller: Token;
  /** The address of this server. */
  origin: string;
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The text ends with a newline. */
  trailingNewline?: boolean;
  /** The second half of the text is missing. */
  cut?: boolean;
  /** The text comes in pieces, the last one this many milliseconds late. */
  dripMs?: number;
}

export type Handler = (call: Call) => Reply;

export interface Route {
  /** Method and path below the base of the API, with ids as `{id}`. */
  pattern: string;
  parts: readonly string[];
  handle: Handler;
  /** `open` needs no token; `form` needs none and has a form-encoded body. */
  access: 'token' | 'open' | 'form';
  /** True: a body needs no Content-Type. */
  untyped?: boolean;
}

export const route = (pattern: string, handle: Handler, access: Route['access'] = 'token'): Route => ({
  pattern,
  parts: pattern.split(/[ /]+/),
  handle,
  access,
});

export const ok = (body: unknown, status = 200): Reply => ({ status, body });
export const noContent: Reply = { status: 204 };

interface Match {
  route: Route;
  ids: string[];
}

/** Finds the route of a call. Fixed words win over ids: in `/tenants/offering_items` there is no id. */
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

/** Text that cannot be decoded stays as it is; it is not an id. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const uuid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** The nth id of the path. Throws 400 if it is not a UUID. */
export function idOf({ ids }: Call, at = 0): string {
  const id = ids[at] ?? '';
  if (!uuid.test(id)) throw badRequest(`${id} is not a valid id`);
  return id.toLowerCase();
}

/** A required text field. */
export function required(body: Json, field: string): string {
  const value = body[field];
  if (typeof value !== 'string' || value.trim() === '') throw badRequest(`field ${field} is required`);
  return value;
}

/** A boolean, which can also be text, as in the vendor's own examples. */
export function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === undefined || value === null) return undefined;
  throw badRequest(`${JSON.stringify(value)} is not a boolean`);
}

/** An integer, which can also be text. */
export function integer(value: unknown, field: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number)) throw badRequest(`${field} must be an integer`);
  return number;
}

/** The entries of a comma-separated query field; undefined if it is not given. */
export function listOf(query: URLSearchParams, name: string): string[] | undefined {
  return query
    .get(name)
    ?.split(',')
    .filter((one) => one !== '');
}

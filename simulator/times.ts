import { badRequest } from './errors.js';

/** A time of a tenant: without fraction and zone, in UTC, as `2024-07-02T10:11:12`. */
export const withoutZone = (at: string): string => at.slice(0, 19);

/** A time of a user or a contact: whole seconds with a zone, as `2024-07-02T10:11:12Z`. */
export const inWholeSeconds = (at: string): string => `${at.slice(0, 19)}Z`;

const ZONE = /(Z|[+-]\d{2}:\d{2})$/i;

/** Whether something changed at or after the `updated_since` of a query. Throws 400 if that is not a time. */
export function isUpdatedSince(query: URLSearchParams): (one: { updated_at: string }) => boolean {
  const asked = query.get('updated_since') ?? '';
  if (asked === '') return () => true;
  const since = Date.parse(ZONE.test(asked) ? asked : `${asked}Z`);
  if (Number.isNaN(since)) throw badRequest('updated_since must be an RFC 3339 time');
  return ({ updated_at }) => since <= Date.parse(updated_at);
}

import { createHash } from 'node:crypto';
import { TenantryError } from '../contract/errors.js';

/** Where a list of Temporal goes on, as a text that a caller sends back. */
export function toPosition(token: Uint8Array): string {
  return `${checksum(token)}.${Buffer.from(token).toString('base64url')}`;
}

/**
 * The token behind such a text. Refused when no page has given it: the service repeats a call with a token that it has not
 * given for many seconds, so a wrong one is noticed here.
 */
export function fromPosition(text: string): Uint8Array {
  const [sum, rest = ''] = text.split('.');
  const token = Buffer.from(rest, 'base64url');
  if (sum !== checksum(token)) throw notOfAPage();
  return token;
}

/** One part of what was found as a whole. Refused when no page has given `after`. */
export function sliceOf<Item>(
  all: readonly Item[],
  { limit, after = '0' }: { limit: number; after?: string | undefined },
) {
  if (!/^\d{1,9}$/.test(after)) throw notOfAPage();
  const end = Number(after) + limit;
  return { items: all.slice(Number(after), end), ...(end < all.length && { next: String(end) }) };
}

function checksum(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 8);
}

function notOfAPage(): TenantryError {
  return new TenantryError('refused', 'after: must be the "next" of the page before');
}

import { z } from 'zod';

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** The address of a sender's API: https, or http on this machine. */
export const apiUrl = z
  .string()
  .refine(isAddress, 'must be an https address without a query, such as https://acme.chargebee.com')
  .transform((address) => address.replace(/\/+$/, ''))
  .optional();

function isAddress(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOCAL.test(hostname));
}

import { z } from 'zod';
import { secretRef } from '../catalogue/input.js';

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** The address of a sender's API: https, or http on this machine. */
const apiUrl = z
  .string()
  .refine(isAddress, 'must be an https address without a query, such as https://acme.chargebee.com')
  .transform((address) => address.replace(/\/+$/, ''))
  .optional();

/** The fields of a kind whose API can be read. */
export const apiSettings = {
  apiKey: secretRef().optional().describe('A reference to the key of the API, by which the truth is read'),
  apiUrl: apiUrl.describe('Where that API is'),
};

function isAddress(text: string): boolean {
  if (!URL.canParse(text) || /[?#]/.test(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOCAL.test(hostname));
}

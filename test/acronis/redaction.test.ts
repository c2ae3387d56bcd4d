import { expect, test } from '@jest/globals';
import { assert, property, string, nat } from 'fast-check';
import { createRedaction } from '../../acronis/redaction.js';

const SECRET = 'Hu/7f+3d "x" ü';
const { clean } = createRedaction([SECRET]);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');

test.each<[string, string]>([
  ['as it is', SECRET],
  ['in small letters', SECRET.toLowerCase()],
  ['in capitals', SECRET.toUpperCase()],
  ['on two lines', SECRET.replaceAll(' ', '\n  ')],
  ['escaped for a URL', encodeURIComponent(SECRET)],
  ['escaped for a URL, in small letters', encodeURIComponent(SECRET).toLowerCase()],
  ['escaped for a form', new URLSearchParams({ x: SECRET }).toString().slice(2)],
  ['escaped for a URL twice', encodeURIComponent(encodeURIComponent(SECRET))],
  ['escaped for a URL to its last character', [...Buffer.from(SECRET)].map((byte) => `%${hex(byte)}`).join('')],
  ['escaped for JSON', JSON.stringify(SECRET).slice(1, -1)],
  ['escaped for JSON as a whole', Array.from(SECRET, (one) => `\\u00${hex(one.charCodeAt(0))}`).join('')],
  ['escaped for HTML', SECRET.replaceAll('"', '&#34;').replaceAll('ü', '&#xfc;')],
  ['in base64', base64(SECRET)],
  ['in base64 without padding', base64(SECRET).replaceAll('=', '')],
  ['in base64 for URLs', Buffer.from(SECRET).toString('base64url')],
  ['in base64, escaped for a URL', encodeURIComponent(base64(SECRET))],
  ['in base64 of which the letters were changed to capitals', base64(SECRET).toUpperCase()],
  ...['a', 'ab', 'abc', 'id:'].map((before): [string, string] => [
    `in base64 between other words, behind ${JSON.stringify(before)}`,
    base64(`${before}${SECRET}.more`),
  ]),
])('a secret %s does not get into an error', (_how, echoed) => {
  // what is left is too short to hold a secret: words before and behind it
  expect(clean(`no <${echoed}> here`)).toMatch(/^no <[\w+/=-]{0,6}\[redacted\][\w+/=-]{0,9}> here$/);
});

test('the beginning of a long token stands for all of it', () => {
  const token = `t.${'a-b_'.repeat(500)}`;

  expect(createRedaction([]).clean(`bad ${token.toUpperCase()}, sorry`, [token])).toBe('bad [redacted], sorry');
});

test('any secret in base64 is found at any place', () => {
  assert(
    property(string({ minLength: 8, maxLength: 18, unit: 'grapheme-ascii' }), nat(2), (secret, before) => {
      if (secret.trim() !== secret || /\s/.test(secret)) return;
      const echoed = Buffer.from('xx'.slice(0, before) + secret).toString('base64url');
      expect(createRedaction([secret]).clean(`<${echoed}>`)).toContain('[redacted]');
    }),
  );
});

test('words that only resemble a secret stay', () => {
  expect(clean('the name Hu/7f is taken')).toBe('the name Hu/7f is taken');
  expect(createRedaction(['abc']).clean('an YWJjZA is no secret')).toBe('an YWJjZA is no secret');
});

test('of a text of many megabytes only the beginning is looked at', () => {
  expect(clean(`x ${SECRET} ${'Hu/7f+3d "x" y'.repeat(3_000_000)}`)).toMatch(/^x \[redacted\] Hu/);
});

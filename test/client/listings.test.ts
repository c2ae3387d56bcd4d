import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import stringWidth from 'string-width';
import { listingsPage } from '../support/listings.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/listings.md', import.meta.url)), 'utf8');

test('the page shows lists as they are', () => {
  expect(page).toBe(listingsPage());
});

test.each([80, 120])('the lists for %i columns fit', (columns) => {
  const [, shown = ''] = new RegExp(`of ${columns} columns\n\n\`\`\`text\n([^]*?)\`\`\``).exec(page) ?? [];
  const tables = shown.split('\n').filter((line) => /^ *[A-Z]{2,}|\d{4}-|C-100/.test(line));

  expect(tables.length).toBeGreaterThan(5);
  for (const line of shown.split('\n').filter((one) => / {2}/.test(one.trim())))
    expect(stringWidth(line)).toBeLessThanOrEqual(columns);
});

import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { catalogue } from '../../../catalogue/index.js';
import { docsPage } from '../../../gateway/api/docs-page.js';
import { secretOf, useApi } from './door.js';

const api = useApi();

async function page() {
  const reply = await fetch(`${api.url}/docs`, { headers: { authorization: `Bearer ${secretOf('read')}` } });
  return { headers: reply.headers, text: await reply.text() };
}

test('the page has every call of the document, with its fields', async () => {
  const { headers, text } = await page();
  const { body } = await api.ask('GET', '/openapi.json');

  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  for (const [path, calls] of Object.entries(body['paths'] as Record<string, object>))
    for (const method of Object.keys(calls)) expect(text).toContain(`<h2><code>${method.toUpperCase()} ${path}</code>`);
  for (const name of Object.keys(catalogue)) expect(text).toContain(`POST /v1/operations/${name}/plan`);
  expect(text).toContain('<code>administrator.login</code></td><td>string</td><td>required</td>');
  expect(text).toContain('<code>Idempotency-Key</code>'.toLowerCase());
});

test('it loads nothing from anywhere, and nothing in it runs', async () => {
  const { headers, text } = await page();

  const policy = headers.get('content-security-policy')!;
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const style = /<style>([^]*?)<\/style>/.exec(text)![1]!;
  expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
  expect(text).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\ssrc=|\sstyle=|https?:\/\/[^ ]*["']/);
});

test('it says nothing without a key', async () => {
  expect((await api.ask('GET', '/docs', { key: null })).status).toBe(401);
});

test('what the document says is text, never markup', () => {
  const evil = '<script>alert("x")</script>';
  const html = docsPage({
    info: { title: evil, version: evil, description: evil },
    paths: { [`/${evil}`]: { get: { summary: evil, parameters: [{ name: evil, in: evil, description: evil }] } } },
  });

  expect(html).not.toContain('<script');
  expect(html).toContain('&#60;script&#62;');
});

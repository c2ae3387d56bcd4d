import { expect, test } from '@jest/globals';
import { codeMarkdown, plainMarkdown, toSummary } from '../../contract/markdown.js';
import type { OperationStatus } from '../../contract/status.js';
import { currentDetails } from '../../workflows/kernel/current-details.js';

const J = '\u2060';

test.each([
  ['an image', '![x](https://evil.example/p.png)', `!\\[x\\](https://${J}evil.example/p.png)`],
  ['a link', '[x](y)', '\\[x\\](y)'],
  ['HTML', '<img src=x>', '\\<img src=x>'],
  ['an entity', '&lt;', '\\&lt;'],
  ['emphasis', '**a** _b_ ~~c~~', '\\*\\*a\\*\\* \\_b\\_ \\~\\~c\\~\\~'],
  ['code', '`a`', '\\`a\\`'],
  ['an escape', '\\[', '\\\\\\['],
  ['a bare address', 'see www.evil.example', `see www${J}.evil.example`],
  ['an e-mail address', 'a@evil.example', `a@${J}evil.example`],
  ['lines', 'one\n\n# two\r\n- three', 'one # two - three'],
  ['reversed text', 'a\u202eb\u001b[31m', 'a b \\[31m'],
])('%s in somebody’s words is shown as plain text', (_what, words, shown) => {
  expect(plainMarkdown(words)).toBe(shown);
});

test.each(['Ärzte & Söhne', 'pg_base_storage', 'PUT /tenants/{id} was refused (400): no', '東京 😀'])(
  '%j stays readable',
  (words) => {
    expect(plainMarkdown(words).replaceAll('\\&', '&')).toBe(words);
  },
);

test('code cannot be left by a backtick', () => {
  expect(codeMarkdown('a` ![x](y) `b\n')).toBe("`a' ![x](y) 'b `");
});

test.each(['@', '東', '😀', '[', '&', '://'])('a summary of many %s fits into 400 bytes', (part) => {
  expect(Buffer.byteLength(toSummary(part.repeat(200)))).toBeLessThanOrEqual(400);
});

test('the details of a run show nobody’s words as Markdown', () => {
  const evil = '![x](https://evil.example/p.png) <b>`\n\n# big';
  const status = {
    operation: 'provisionCustomer',
    id: evil,
    state: 'failed',
    reason: { type: evil, message: evil },
    steps: [{ name: evil, state: 'failed', attempts: 1, lastError: evil }],
    leftovers: [{ kind: 'tenant', id: evil, reason: evil, link: 'https://cloud.example/mc/' }],
    tenantId: evil,
    grace: { disabledAt: 'x', next: evil, restoring: { window: '', mayBringBack: [], doesNotBringBack: [] } },
    startedAt: '',
    updatedAt: '',
  } as unknown as OperationStatus;
  const waiting = {
    ...status,
    state: 'running',
    waitsFor: evil,
    waitsForBlocked: { id: evil, step: evil, type: evil },
  };

  for (const each of [status, waiting as unknown as OperationStatus]) {
    const outsideCode = currentDetails(each).replaceAll(/(?<!\\)`[^`\n]*`/g, 'code');
    expect(outsideCode.replaceAll('[console](https://cloud.example/mc/)', '')).not.toMatch(
      /(?<!\\)[[<`]|:\/\/(?!\u2060)|^# /m,
    );
  }
});

import { afterAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import type { AuditLine } from '../../../catalogue/audit-lines.js';
import { lookUpNames, lookUps } from '../../../catalogue/look-ups.js';
import { usePage } from './visitor.js';

let end!: (over: Error) => void;
const over = new Promise<never>((_resolve, reject) => (end = reject));
/** Of some answers nobody waits for the end. */
function pending(): Promise<never> {
  const answer = over.finally(() => undefined);
  answer.catch(() => undefined);
  return answer;
}
/** A Temporal that says nothing until the end of these tests, whatever it is asked. */
const silent: unknown = new Proxy(() => undefined, {
  get: () => silent,
  apply: () => Object.assign(pending(), { [Symbol.asyncIterator]: () => ({ next: pending }) }),
});
afterAll(() => end(new Error('these tests are over')));

const lines: AuditLine[] = [];
const audit = { write: async (line: AuditLine) => void lines.push(line) };
const page = usePage({ client: silent as Client, taskQueue: 'tenantry', audit });
const screens = ['/coming', '/reconcile', '/changes', '/sources', '/look-ups', '/look-ups/tree?limit=3'];

test.each(screens)('%s is for keys that see all customers, and others read why', async (path) => {
  const { status, html } = await page.get(path, await page.logIn('limited'));

  expect(status).toBe(403);
  expect(html).toContain('The key limited is limited to disableTenant; this needs a key without such a limit.');
  expect(html).toContain('href="/start"');
  expect((await page.get(path)).status).toBe(401);
});

test.each(['/coming.csv', '/reconcile.csv', '/changes.csv', '/sources.csv', '/look-ups/tree.csv'])(
  '%s is for the same keys',
  async (path) => {
    expect((await page.get(path, await page.logIn('limited'))).status).toBe(403);
    expect((await page.get(path)).status).toBe(401);
  },
);

test('every screen is reached from every other', async () => {
  const { html } = await page.get('/look-ups', await page.logIn('read'));

  const links = [...html.matchAll(/<nav aria-label="Main">.*?<\/nav>/gs)].flatMap(([nav]) =>
    nav.match(/href="[^"]+"/g),
  );
  expect(links).toEqual(
    ['/', '/customers', '/coming', '/reconcile', '/changes', '/sources', '/look-ups', '/start'].map(
      (path) => `href="${path}"`,
    ),
  );
  expect(html).toContain('aria-current="page">Look-ups<');
});

test.each([
  ['/coming', 'Asking the customers'],
  ['/look-ups/tree?limit=3', 'Asking the cloud'],
])('%s says that it waits, and the answer comes by itself', async (path, sentence) => {
  const { status, html } = await page.get(path, await page.logIn('read'));

  expect(status).toBe(200);
  expect(html).toContain(sentence);
  expect(html).toContain(`data-stream="/live${path}"`);
  expect(html).toContain(`<a href="${path}">look again</a>`);
});

test.each(lookUpNames)(
  'the form of %s has every field of its schema, and asks nothing before it is sent',
  async (name) => {
    const { status, html } = await page.get(`/look-ups/${name}`, await page.logIn('read'));

    expect(status).toBe(200);
    const fields = [...html.matchAll(/<(?:input|select) id="field-(\w+)"/g)].map(([, field]) => field);
    expect(new Set(fields)).toEqual(
      new Set(Object.keys(lookUps[name].query.shape).filter((field) => field !== 'after')),
    );
    expect(html).not.toContain('data-stream');
  },
);

test('a look-up with problems is shown again with each at its field, and no worker is asked', async () => {
  const { status, html } = await page.get('/look-ups/tree?depth=x&kind=%3Cb%3E&colour=red', await page.logIn('read'));

  expect(status).toBe(422);
  expect(html).toContain('3 things must be corrected');
  expect(html).toMatch(/<a href="#field-depth">depth<\/a> must be a whole number/);
  expect(html).toMatch(/id="field-depth"[^>]*aria-invalid/);
  expect(html).toMatch(/colour is not a field here/);
  expect(html).not.toContain('<b>');
  expect((await page.get('/look-ups/weather', await page.logIn('read'))).status).toBe(404);
});

test('whoever may not hold cannot, and what somebody asks for is in the audit log', async () => {
  const paths = ['/coming/customers/C-1/hold', '/coming/runs/offboardCustomer%3AC-1/hold'];
  const hold = async (name: string, path: string, reason = 'call first') => {
    const cookie = await page.logIn(name);
    return await page.post(path, { formToken: await page.tokenOf(cookie), reason }, { cookie });
  };
  for (const path of paths) {
    expect((await hold('read', path)).status).toBe(403);
    expect((await hold('limited', path)).status).toBe(403);
    expect((await page.get(path, await page.logIn('operate'))).headers.get('location')).toBe('/coming');
  }
  lines.length = 0;
  const refused = await hold('operate', `${paths[0]!}?cloud=eu`, '');

  expect(refused.status).toBe(422);
  expect(refused.html).toContain('Refused: nothing has changed');
  expect(lines).toMatchObject([
    { phase: 'asked', key: 'operate', what: '/coming/customers/:ref/hold', id: 'C-1' },
    { phase: 'answered', outcome: 'refused', status: 422 },
  ]);
});

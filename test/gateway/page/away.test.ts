import { afterAll, expect, test } from '@jest/globals';
import { openTemporal } from '../../../gateway/temporal.js';
import { loadGatewaySettings } from '../../../settings/gateway.js';
import type { AuditLine } from '../../../catalogue/audit-lines.js';
import { usePage } from './visitor.js';

// nothing listens on port 1
const client = openTemporal(loadGatewaySettings({}, { TEMPORAL_ADDRESS: '127.0.0.1:1' }));
afterAll(async () => await client.connection.close());
const lines: AuditLine[] = [];
const audit = { write: async (line: AuditLine) => void lines.push(line) };
const page = usePage({ client, taskQueue: 'tenantry', audit });

const screens = ['/coming', '/coming?days=30', '/reconcile', '/changes', '/sources', '/look-ups/tree?limit=3'];

test.each(['/', '/?search=x', '/runs/provisionCustomer:x', ...screens])(
  '%s says that Temporal is away, and comes back by itself',
  async (path) => {
    const { status, html } = await page.get(path, await page.logIn('decide'));

    expect(status).toBe(503);
    expect(html).toContain('Not available at the moment');
    expect(html).toContain(`data-stream="/live${path}"`);
  },
);

test('a form that cannot be used is shown again, with each problem at its field', async () => {
  const cookie = await page.logIn('decide');
  const fields = {
    formToken: await page.tokenOf(cookie),
    'customer.name': '<b>&',
    'administrator.login': 'a',
    'administrator.email': 'no',
    quotas: '{',
  };
  const { status, html } = await page.post('/start/provisionCustomer', fields, { cookie });

  expect(status).toBe(422);
  expect(html).toMatch(/<a href="#field-quotas">quotas<\/a> is not valid JSON/);
  expect(html).toMatch(/id="field-quotas"[^>]*aria-invalid/);
  expect(html).toContain('value="&lt;b>&amp;"');
  const corrected = await page.post('/start/provisionCustomer', { ...fields, quotas: '' }, { cookie });
  expect(corrected.html).toMatch(
    /id="field-administrator.email"[^>]*aria-describedby="field-administrator.email-problem"/,
  );
  expect(corrected.html).toMatch(/id="field-administrator.email-problem">must be an e-mail address</);
});

test('a key may do no more here than in the API', async () => {
  const [reader, operator, limited] = [
    await page.logIn('read'),
    await page.logIn('operate'),
    await page.logIn('limited'),
  ];
  const start = async (operation: string, cookie: string) =>
    await page.post(`/start/${operation}`, { formToken: await page.tokenOf(cookie) }, { cookie });

  expect((await start('enableTenant', reader)).status).toBe(403);
  expect((await start('disableTenant', operator)).status).toBe(403);
  expect((await start('enableTenant', limited)).status).toBe(403);
  expect((await start('disableTenant', limited)).status).toBe(422);
  expect((await page.get('/start', reader)).html).toContain('Your key may not start anything');
  expect((await page.get('/start', limited)).html.match(/href="\/start\/\w+"/g)).toEqual([
    'href="/start/disableTenant"',
  ]);
  const decision = { formToken: await page.tokenOf(operator), reason: 'r' };
  expect((await page.post('/runs/x/abort', decision, { cookie: operator })).status).toBe(403);
  expect((await page.get('/runs/x/amend', operator)).status).toBe(403);
});

test('who asks for a change is written down, with the outcome and without what the form says', async () => {
  const cookie = await page.logIn('decide');
  const fields = { formToken: await page.tokenOf(cookie), reason: 'a secret reason' };
  lines.length = 0;
  await page.get('/', cookie);
  await page.post('/start/enableTenant', fields, { cookie });
  await page.post('/runs/provisionCustomer%3Ax/retry', fields, { cookie });
  await page.post('/runs/provisionCustomer%3Ax/retry', fields);

  expect(lines).toMatchObject([
    { phase: 'asked', key: 'decide', what: '/start/:operation' },
    { phase: 'answered', outcome: 'refused', status: 422 },
    { phase: 'asked', key: 'decide', what: '/runs/:id/retry', id: 'provisionCustomer:x' },
    { phase: 'answered', outcome: 'failed', status: 503 },
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});

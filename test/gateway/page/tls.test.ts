import { expect, test } from '@jest/globals';
import { usePage, secretOf } from './visitor.js';

const publicUrl = 'https://desk.example.com';
const page = usePage({ publicUrl: () => publicUrl });

test('behind TLS the cookie is sent only so, and belongs to this host alone', async () => {
  const { status, headers } = await page.post('/log-in', { key: secretOf('read') }, { origin: publicUrl });

  expect(status).toBe(303);
  expect(headers.getSetCookie()[0]).toMatch(/^__Host-tenantry=.+; HttpOnly; SameSite=Strict; Secure$/);
  expect((await page.get('/start', headers.getSetCookie()[0]!.split(';')[0])).status).toBe(200);
});

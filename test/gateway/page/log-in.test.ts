import { describe, expect, test } from '@jest/globals';
import { NOW } from '../doors.js';
import { OneTimeLinks } from '../../../gateway/page/one-time-links.js';
import { SESSION_S } from '../../../gateway/page/sessions.js';
import { keyOf, secretOf, usePage } from './visitor.js';

const clock = { now: NOW };
const links = new OneTimeLinks(() => clock.now);
const page = usePage({ now: () => clock.now, links });

test.each(['/runs/x', '/start', '/start/disableTenant', '/runs/x/amend', '/runs/x/input', '/live/', '/live/runs/x'])(
  '%s shows a stranger nothing but the log-in, and leads back there after it',
  async (path) => {
    const { status, html } = await page.get(path);

    expect(status).toBe(401);
    expect(html).toContain('Log in to Tenantry');
    expect(html).toContain(`name="next" value="${path}"`);
    expect(html).not.toContain('Log out');
  },
);

test('the page itself, and its files, are there for everybody', async () => {
  expect((await page.get('/')).status).toBe(200);
  for (const name of ['style.css', 'live.js', 'idiomorph.js', 'icon.svg'])
    expect((await page.get(`/page/${name}`)).status).toBe(200);
});

test('every answer has a strict policy, and no screen may be kept', async () => {
  const { headers } = await page.get('/');

  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; " +
      "frame-ancestors 'none'; base-uri 'none'",
  );
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

test('the first view is smaller than 100 KiB', async () => {
  const cookie = await page.logIn('decide');
  const { html } = await page.get('/start/provisionCustomer', cookie);
  const files = [...html.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path!);
  const sizes = [...new Set(files)].map(async (path) => {
    const reply = await fetch(`${page.url}${path}`, { headers: { 'accept-encoding': 'gzip' } });
    expect(reply.headers.get('content-encoding')).toBe('gzip');
    return Number(reply.headers.get('content-length'));
  });
  const total = (await Promise.all(sizes)).reduce((sum, one) => sum + one, Buffer.byteLength(html));

  expect(files.length).toBeGreaterThan(3);
  expect(total).toBeLessThan(100 * 1024);
});

test('who has logged in reads the page of the HTTP API without a key, and nothing else of it', async () => {
  const cookie = await page.logIn('read');

  expect(await page.get('/docs', cookie)).toMatchObject({ status: 200, html: expect.stringContaining('HTTP API') });
  expect((await page.get('/openapi.json', cookie)).status).toBe(200);
  expect((await page.get('/v1/operations', cookie)).status).toBe(401);
  expect((await page.get('/docs', 'tenantry=read.9999999999.forged')).status).toBe(401);
});

test('a key gives a session that lasts twelve hours, in a cookie that no script can read', async () => {
  const { status, headers } = await page.post('/log-in', { key: ` ${secretOf('read')} `, next: '/start' });

  expect([status, headers.get('location')]).toEqual([303, '/start']);
  expect(headers.getSetCookie()[0]).toMatch(
    /^tenantry=read\.\d+\.[\w-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  const cookie = headers.getSetCookie()[0]!.split(';')[0]!;
  expect((await page.get('/start', cookie)).status).toBe(200);
  clock.now = new Date(NOW.getTime() + SESSION_S * 1000);
  expect((await page.get('/start', cookie)).status).toBe(401);
  clock.now = NOW;
});

test.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/a\nb', ''])(
  'the log-in never leads to %j',
  async (next) => {
    const { headers } = await page.post('/log-in', { key: secretOf('read'), next });

    expect(headers.get('location')).toBe('/');
  },
);

test('a session dies with its key, and another key of the same name does not revive it', async () => {
  const cookie = await page.logIn('read');
  const [read] = page.keys;
  page.keys.splice(0, 1);
  expect((await page.get('/start', cookie)).status).toBe(401);
  page.keys.unshift({ ...keyOf('read', 'decide'), sha256: '0'.repeat(64) });
  expect((await page.get('/start', cookie)).status).toBe(401);
  page.keys.splice(0, 1, read!);
  expect((await page.get('/start', cookie)).status).toBe(200);
});

test.each([
  ['another name', (cookie: string) => cookie.replace('read', 'decide')],
  ['a later end', (cookie: string) => cookie.replace(/\.(\d+)\./, (_all, end: string) => `.${Number(end) + 1}.`)],
  ['another signature', (cookie: string) => `${cookie.slice(0, -1)}${cookie.endsWith('A') ? 'B' : 'A'}`],
  ['no signature', (cookie: string) => cookie.replace(/\.[^.]+$/, '.')],
])('a cookie with %s is none', async (_what, changed) => {
  const cookie = await page.logIn('read');

  expect((await page.get('/start', changed(cookie))).status).toBe(401);
});

test('a form needs the token of its session and the right origin, also that of the log-in', async () => {
  const cookie = await page.logIn('decide');
  const formToken = await page.tokenOf(cookie);
  const other = await page.tokenOf(await page.logIn('operate'));

  expect((await page.post('/log-out', {}, { cookie })).status).toBe(403);
  expect((await page.post('/log-out', { formToken: other }, { cookie })).status).toBe(403);
  for (const origin of [null, 'null', 'https://evil.example', 'http://127.0.0.1:2'])
    expect((await page.post('/log-out', { formToken }, { cookie, origin })).status).toBe(403);
  expect((await page.post('/log-in', { key: secretOf('read') }, { origin: 'https://evil.example' })).status).toBe(403);
  const { status, headers } = await page.post('/log-out', { formToken }, { cookie });
  expect(status).toBe(303);
  expect(headers.getSetCookie()[0]).toMatch(/^tenantry=; Path=\/; Max-Age=0/);
});

test('a wrong key is refused, and after ten an address must wait', async () => {
  const first = await page.post('/log-in', { key: 'tk_wrong' });
  expect(first.status).toBe(401);
  expect(first.html).toContain('This key is unknown');
  for (let tries = 0; tries < 9; tries += 1) await page.post('/log-in', { key: 'tk_wrong' });

  const late = await page.post('/log-in', { key: 'tk_wrong' });
  expect([late.status, late.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await page.post('/log-in', { key: secretOf('read') })).status).toBe(303);
  clock.now = new Date(NOW.getTime() + 61_000);
  expect((await page.post('/log-in', { key: 'tk_wrong' })).status).toBe(401);
  clock.now = NOW;
});

describe('a link for one log-in', () => {
  test('gives a session of its key once', async () => {
    const path = links.create('operate');
    const first = await page.get(path);
    const cookie = first.headers.getSetCookie()[0]!.split(';')[0]!;

    const again = await page.get(path);

    expect([first.status, first.headers.get('location')]).toEqual([303, '/']);
    expect((await page.get('/start', cookie)).html).toContain('operate');
    expect([again.status, again.headers.getSetCookie()]).toEqual([401, []]);
    expect(again.html).toContain('This link was used already');
  });

  test('does not work after ten minutes, for a key that was revoked, or when it was made up', async () => {
    const late = links.create('operate');
    const ofNobody = links.create('revoked');

    clock.now = new Date(NOW.getTime() + 10 * 60_000);

    for (const path of [late, ofNobody, '/log-in?once=made-up', '/log-in?once=a&once=b'])
      expect([path, (await page.get(path)).status]).toEqual([path, 401]);
    clock.now = NOW;
  });
});

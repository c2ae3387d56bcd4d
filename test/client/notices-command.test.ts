import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { openMailbox } from '../support/mailbox.js';
import { openReceiver } from '../support/receiver.js';

const folder = mkdtempSync(join(tmpdir(), 'tenantry-notices-'));
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
  rmSync(folder, { recursive: true });
});
const secret = `whsec_${Buffer.from('a secret of twenty-four!').toString('base64')}`;
const desk = { kind: 'mail', smtp: 'env:SMTP', from: 'tenantry@msp.example', to: ['desk@msp.example'] };

async function run(args: string[], file: unknown, variables: Record<string, string> = {}) {
  const path = join(folder, 'notices.json');
  writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  const ended = await tenantry(['notices', ...args], { TENANTRY_NOTICES: path, ...variables });
  return { ...ended, text: ended.stdout + ended.stderr };
}

test('check shows the routes in their order, and what only the worker can say', async () => {
  const routes = [{ name: 'night', when: { severity: ['urgent'] }, to: ['desk'] }, { to: [] }];
  const { code, stdout, stderr } = await run(['check'], { targets: { desk }, routes });

  expect(code).toBe(0);
  expect(stdout).toMatch(/night +severity urgent +desk +at once\n *routes\.1 +all +the log only +at once/);
  expect(stderr).toContain(
    'targets.desk.smtp is not checked: the variable TENANTRY_SECRET_SMTP is not set on this machine',
  );
});

test('check names every problem of the file, of its secrets and of its clouds at once, and no secret', async () => {
  const routes = [{ when: { clouds: ['us'] }, to: ['desk'] }, { to: ['desk'] }];
  const cloud = { ACRONIS_BASE_URL: 'http://127.0.0.1:1', ACRONIS_CLIENT_ID: 'x', ACRONIS_CLIENT_SECRET: 'y' };
  const { code, text } = await run(
    ['check'],
    { targets: { desk }, routes },
    { ...cloud, TENANTRY_SECRET_SMTP: 'TOKEN' },
  );

  expect(code).toBe(2);
  expect(text).toContain('targets.desk.smtp: names a secret that must be an address such as smtps://');
  expect(text).toContain('routes.0.when.clouds.0: no cloud us is configured here, only default');
  expect(text).not.toContain('TOKEN');
});

test('check refuses a key that is there twice', async () => {
  const { code, text } = await run(['check'], '{"targets": {}, "routes": [{"to": []}], "routes": [{"to": []}]}');
  expect([code, text]).toEqual([2, expect.stringContaining('routes: ')]);
});

test('test sends a message to each target, and says of each what happened', async () => {
  const [mailbox, hook, chat] = await Promise.all([openMailbox(), openReceiver(), openReceiver(500)]);
  closing.push(mailbox.close, hook.close, chat.close);
  const targets = {
    desk,
    hook: { kind: 'webhook', url: hook.url, secrets: ['env:SIGN'] },
    chat: { kind: 'chat', app: 'slack', url: 'env:CHAT' },
  };
  const secrets = {
    TENANTRY_SECRET_SMTP: mailbox.url,
    TENANTRY_SECRET_SIGN: secret,
    TENANTRY_SECRET_CHAT: `${chat.url}/TOKEN`,
  };
  const file = { targets, routes: [{ to: ['desk', 'hook', 'chat'] }] };
  const { code, text } = await run(['test'], file, secrets);

  expect(code).toBe(1);
  expect(text).toMatch(/desk +desk@msp\.example by 127\.0\.0\.1:\d+ +taken/);
  expect(text).toMatch(/hook +webhook at 127\.0\.0\.1:\d+ +taken/);
  expect(text).toMatch(/chat +slack at 127\.0\.0\.1:\d+ +HTTP_500/);
  expect(text).not.toContain('TOKEN');
  expect(mailbox.letters[0]).toContain('Subject: Test notice of Tenantry');
  expect(hook.got[0]?.body).toContain('"type":"notices.test"');
  const one = await run(['test', '--target', 'hook', '--json'], file, secrets);
  expect([one.code, JSON.parse(one.stdout)]).toMatchObject([0, { results: [{ target: 'hook', sent: true }] }]);
  expect((await run(['test', '--target', 'hok'], file, secrets)).text).toContain('Known are desk, hook, chat.');
});

test('explain names the route and when it would be sent', async () => {
  const hour = (ahead: number) => new Date(Date.now() + ahead * 3_600_000).toISOString().slice(11, 16);
  const routes = [{ name: 'shop', when: { sources: ['shop'] }, to: ['desk'] }, { to: [] }];
  const file = { quiet: [{ from: hour(-2), until: hour(2) }], targets: { desk }, routes };
  const explain = async (...args: string[]) =>
    JSON.parse((await run(['explain', '--json', ...args], file)).stdout) as object;

  const shop = ['--about', 'source', '--source', 'shop'];
  expect(await explain(...shop, '--severity', 'urgent')).toEqual({ route: 'shop', to: ['desk'], sent: 'at once' });
  expect(await explain(...shop)).toEqual({ route: 'shop', to: ['desk'], sent: expect.stringContaining(`T${hour(2)}`) });
  expect(await explain()).toMatchObject({ route: 'routes.1', to: [] });
});

test('a file beside the settings for one target is refused, with what to do', async () => {
  const variables = { TENANTRY_NOTICE_WEBHOOK: 'https://x.example', TENANTRY_NOTICE_WEBHOOK_SECRET: secret };
  const { text } = await run(['check'], { targets: {}, routes: [{ to: [] }] }, variables);
  expect(text).toContain(
    'TENANTRY_NOTICES: is set, and so is TENANTRY_NOTICE_WEBHOOK: make that a target of notices.json, and remove',
  );
});

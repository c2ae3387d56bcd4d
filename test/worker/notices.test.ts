import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createSilentServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { Webhook } from 'standardwebhooks';
import { createNoticeActivities } from '../../activities/notices.js';
import { readSettings } from '../../settings/reader.js';
import { loadWorkerSettings, workerSchema } from '../../settings/worker.js';
import { mailMessenger } from '../../worker/notices/mail.js';
import { webhookMessenger } from '../../worker/notices/webhook.js';
import { noticeText } from '../../worker/notices/text.js';
import { silent } from '../support/activity-environment.js';
import { openMailbox } from '../support/mailbox.js';
import { problemsOf } from '../support/problems.js';
import { openProxy } from '../support/proxy.js';

const secret = `whsec_${Buffer.from('a secret of twenty-four!').toString('base64')}`;
const blocked = {
  about: 'run',
  run: 'provisionCustomer:customer-inc',
  operation: 'provisionCustomer',
  step: 'requireTwoFactor',
  type: 'Acronis.Forbidden',
  message: 'not for you',
  since: '2026-01-01T00:00:00.000Z',
  skippable: true,
  nth: 0,
} as const;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function receiver(status = 200, more: Record<string, string> = {}) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      got.push({ headers: request.headers, body });
      response.writeHead(status, more).end('ignored');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, got };
}

describe('a webhook', () => {
  test('sends what is blocked, why, and what to type, with a signature that the receiver can verify', async () => {
    const { url, got } = await receiver();

    await webhookMessenger({ url, secret }).send(blocked, 'notice-1');

    const [{ headers, body }] = got as [(typeof got)[0]];
    const told = new Webhook(secret).verify(body, headers as Record<string, string>) as {
      type: string;
      data: { commands: string[] };
    };
    expect(headers['webhook-id']).toBe('notice-1');
    expect(told).toMatchObject({ type: 'run.blocked', data: { run: blocked.run, step: blocked.step } });
    expect(told.data.commands[0]).toBe('tenantry retry provisionCustomer:customer-inc --reason "…"');
  });

  test('is reached through the proxy', async () => {
    const { url, got } = await receiver();
    const proxy = await openProxy(url);
    closing.push(() => proxy.close());
    const webhook = { TENANTRY_NOTICE_WEBHOOK: 'http://hooks.example/x', TENANTRY_NOTICE_WEBHOOK_SECRET: secret };
    const schema = workerSchema.pick({ notices: true });
    const { notices } = readSettings(schema, { ...webhook, HTTP_PROXY: proxy.url });

    await webhookMessenger(notices.webhook!).send(blocked, 'notice-1');

    expect(got).toHaveLength(1);
    expect(proxy.asked).toEqual(['POST http://hooks.example/x']);
  });

  test('that refuses makes the notice fail', async () => {
    const { url } = await receiver(500);

    expect(await failure(url)).toBe('webhook: HTTP_500');
  });

  test('that redirects counts as a refusal, and the notice goes nowhere else', async () => {
    const elsewhere = await receiver();
    const { url } = await receiver(307, { location: elsewhere.url });

    expect(await failure(url)).toBe('webhook: HTTP_307');
    expect(elsewhere.got).toEqual([]);
  });

  test.each([500, 'nobody there'])(
    'keeps its address, and the token in it, out of the history (%s)',
    async (answer) => {
      const url = answer === 500 ? (await receiver(500)).url : await closedAddress();

      const kept = await failure(`${url}/services/SECRETTOKEN`);

      expect(kept).toMatch(/^webhook: (HTTP_500|ECONNREFUSED)$/);
      expect(kept).not.toContain('SECRETTOKEN');
    },
  );
});

async function closedAddress(): Promise<string> {
  const { url } = await receiver();
  await closing.pop()!();
  return url;
}

/** What the history keeps of a notice that this webhook refused. */
async function failure(url: string): Promise<string> {
  const { notify } = createNoticeActivities({ messengers: [webhookMessenger({ url, secret })] });
  const error = await new MockActivityEnvironment({}, { logger: silent })
    .run(notify, blocked)
    .catch((reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error('the notice was sent');
  return error.message;
}

test('a mail says in its subject who waits for what, and in its text what to type', async () => {
  const mailbox = await openMailbox();
  closing.push(() => mailbox.close());

  const mail = { smtp: mailbox.url, from: 'tenantry@msp.example', to: 'desk@msp.example' };
  await mailMessenger(mail).send(blocked, 'notice-1');

  const [letter] = mailbox.letters as [string];
  expect(letter).toContain('To: desk@msp.example');
  expect(letter.replaceAll('\n ', ' ')).toMatch(/Subject: .*customer-inc.*requireTwoFactor/);
  expect(letter).toContain('notice-1');
});

test('a mail server that accepts the connection and stays silent makes the notice fail', async () => {
  const held: Socket[] = [];
  const server = createSilentServer((socket) => void held.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  closing.unshift(async () => held.forEach((socket) => socket.destroy()));
  const smtp = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const mail = mailMessenger({ smtp, from: 'tenantry@msp.example', to: 'desk@msp.example' }, 50);

  await expect(mail.send(blocked, 'notice-1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
}, 10_000);

describe('the text', () => {
  test('of a reminder says which one it is, and until when there is time', () => {
    const { subject, text } = noticeText({ ...blocked, nth: 3, until: '2026-02-01T00:00:00.000Z' });

    expect(subject).toMatch(/^Reminder 3: provisionCustomer:customer-inc waits for a decision at requireTwoFactor/);
    expect(text).toContain('until 2026-02-01');
    expect(text).toContain('tenantry skip');
  });

  test('offers no skip where the step cannot be skipped', () => {
    expect(noticeText({ ...blocked, skippable: false }).text).not.toContain('tenantry skip');
  });

  test('of a source names it, and what must be looked at', () => {
    const gone = { about: 'source', source: 'shop', subject: 'subscription sub_1', message: 'It is gone.' } as const;
    expect(noticeText(gone)).toEqual({ subject: 'shop: subscription sub_1 needs a person', text: 'It is gone.' });
  });

  test('of a cloud in trouble asks for no decision', () => {
    const trouble = {
      about: 'cloud',
      cloud: 'eu',
      type: 'Acronis.Credentials',
      message: 'no',
      since: 'x',
      nth: 0,
    } as const;

    expect(noticeText(trouble).subject).toBe('Cloud eu is in trouble: Acronis.Credentials');
    expect(noticeText(trouble).text).not.toContain('tenantry ');
    expect(noticeText(trouble).text).toContain('No decision is needed, but give the workers ACRONIS_CLIENT_ID');
    expect(noticeText({ ...trouble, type: 'Acronis.Unavailable' }).text).toMatch(/No decision is needed\.$/);
  });
});

describe('a notice that a brake is engaged', () => {
  const engaged = {
    about: 'brake',
    cloud: 'eu',
    type: 'BrakeEngaged',
    message: '6 changes that take something away within an hour, and the limit is 5',
    since: '2026-01-01T00:00:00.000Z',
  } as const;

  test('says why, since when and what to type', () => {
    const { subject, text } = noticeText(engaged);
    expect(subject).toBe(`The brake of cloud eu is engaged: ${engaged.message}`);
    expect(text).toMatch(/^Since 2026-01-01T00:00:00.000Z nothing is taken from a customer of this cloud/);
    expect(text).toContain('  tenantry brake release --all --reason "…" --cloud eu');
  });

  test('reaches a webhook with the commands', async () => {
    const { url, got } = await receiver();
    await webhookMessenger({ url, secret }).send(engaged, 'notice-1');
    const body = JSON.parse(got[0]!.body) as { type: string; data: { commands: string[] } };
    expect(body).toMatchObject({ type: 'brake.engaged', data: { cloud: 'eu', message: engaged.message } });
    expect(body.data.commands[0]).toBe('tenantry brake status --cloud eu');
  });
});

describe('a notice that a customer needs a person', () => {
  const notice = { about: 'customer', customer: 'C-1', cloud: 'eu', type: 'Tenantry.Asks', message: 'why' } as const;

  test('says which one, why, and what to type', () => {
    expect(noticeText(notice)).toEqual({
      subject: 'Customer C-1 needs a person: Tenantry.Asks',
      text: 'why\n  tenantry customer C-1 --cloud eu\n  tenantry customer converge C-1 --reason "…" --cloud eu',
    });
  });
});

describe('the settings', () => {
  test.each([
    [{ TENANTRY_NOTICE_WEBHOOK: 'https://x.example' }, 'TENANTRY_NOTICE_WEBHOOK: needs all of'],
    [
      { TENANTRY_NOTICE_WEBHOOK: 'ftp://x', TENANTRY_NOTICE_WEBHOOK_SECRET: secret },
      'TENANTRY_NOTICE_WEBHOOK: must be an address',
    ],
    [
      { TENANTRY_NOTICE_WEBHOOK: 'https://x.example', TENANTRY_NOTICE_WEBHOOK_SECRET: 'short' },
      'TENANTRY_NOTICE_WEBHOOK_SECRET: must be',
    ],
    [{ TENANTRY_NOTICE_SMTP: 'smtp://x' }, 'TENANTRY_NOTICE_SMTP: needs all of'],
    [
      { TENANTRY_NOTICE_SMTP: 'x', TENANTRY_NOTICE_MAIL_FROM: 'a@b.c', TENANTRY_NOTICE_MAIL_TO: 'd@e.f' },
      'TENANTRY_NOTICE_SMTP: must be like',
    ],
  ])('%j are refused with the name of what is wrong', (environment, problem) => {
    const problems = problemsOf(() => readSettings(workerSchema.pick({ notices: true }), environment));

    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test('are read with the rest of the worker’s, and never shown', () => {
    const cloud = { ACRONIS_BASE_URL: 'http://127.0.0.1:1', ACRONIS_CLIENT_ID: 'x', ACRONIS_CLIENT_SECRET: 'y' };
    const hook = { TENANTRY_NOTICE_WEBHOOK: 'https://x.example/', TENANTRY_NOTICE_WEBHOOK_SECRET: secret };

    expect(loadWorkerSettings({}, { ...cloud, ...hook }).notices).toEqual({
      webhook: { url: 'https://x.example/', secret },
    });
  });
});

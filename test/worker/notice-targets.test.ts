import { afterEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { NoticeBatch, NoticeGroup } from '../../contract/notice-queue.js';
import type { Notice } from '../../contract/notices.js';
import type { OpenedNotices } from '../../notice-routes/opened.js';
import { batchMessage } from '../../worker/notices/batch-text.js';
import { chatBody } from '../../worker/notices/chat.js';
import { mailTarget } from '../../worker/notices/mail.js';
import { RoutedNotices } from '../../worker/notices/routed.js';
import { openTarget } from '../../worker/notices/targets.js';
import { noticeText } from '../../worker/notices/text.js';
import { openMailbox } from '../support/mailbox.js';
import { openReceiver } from '../support/receiver.js';

const secret = `whsec_${Buffer.from('a secret of twenty-four!').toString('base64')}`;
const since = '2026-01-01T00:00:00.000Z';
const customer = { about: 'customer', cloud: 'eu', type: 'Tenantry.Asks', message: 'why' } as const;
const direct = () => undefined;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function opened<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> {
  const one = await opening;
  closing.push(() => one.close());
  return one;
}

function group(notice: Notice, more: Partial<NoticeGroup> = {}): NoticeGroup {
  return { severity: 'normal', cause: 'x', notice, count: 1, reminders: 0, names: ['a'], earlier: 0, since, ...more };
}

const batch = (groups: NoticeGroup[], more: Partial<NoticeBatch> = {}): NoticeBatch => {
  return { id: 'batch-1', groups, more: 0, lost: 0, ...more };
};

const fileWith = (targets: object, secrets: Record<string, string[]>) =>
  ({ targets, secrets }) as unknown as OpenedNotices;

describe('a message', () => {
  const named = (name: string): Notice => ({ ...customer, customer: name });

  test('of one notice reads as the notice alone', () => {
    expect(batchMessage(batch([group(named('C-1'))]))).toMatchObject(noticeText(named('C-1')));
  });

  test('of many says how many, the first in full, and the names of the next', () => {
    const names = Array.from({ length: 10 }, (_, nth) => `C-${nth}`);
    const { subject, text } = batchMessage(batch([group(named('C-0'), { count: 300, names, earlier: 7 })]));

    expect(subject).toBe('300 customers need a person: Tenantry.Asks');
    expect(text).toContain('Customer C-0 needs a person: Tenantry.Asks\nwhy\n');
    expect(text).toContain('The others: C-1, C-2, C-3, C-4, C-5, C-6, C-7, C-8, C-9 and 290 more.');
    expect(text).toContain('"tenantry customers --state blocked" lists all.');
    expect(text).toContain('7 more of this cause were reported before.');
  });

  test('does not call a run that blocked twice two runs', () => {
    expect(batchMessage(batch([group(named('C-1'), { count: 2 })])).subject).toBe(
      'Customer C-1 needs a person: Tenantry.Asks',
    );
  });

  test('of several causes has each of them, ten in full, and says what had no room or was lost', () => {
    const groups = Array.from({ length: 12 }, (_, nth) => group(named(`C-${nth}`), { count: 1 }));
    const { subject, text, data } = batchMessage(batch(groups, { more: 12, lost: 3 }));

    expect(subject).toBe('12 notices, 12 causes. The first: Customer C-0 needs a person: Tenantry.Asks');
    expect(text).toContain('10. Customer C-9 needs a person: Tenantry.Asks\n\nwhy');
    expect(text).toContain('12. Customer C-11 needs a person: Tenantry.Asks\n\nAnd 12 more notices');
    expect(text).toMatch(/3 earlier notice\(s\) could not be delivered\.$/);
    expect(data).toMatchObject({ more: 12, lost: 3 });
  });
});

describe('a mail', () => {
  test('has no header, receiver or line that the name of a customer brings', async () => {
    const mailbox = await opened(openMailbox());
    const evil = 'Inc\r\nBcc: all@evil.example\r\n\r\n<script>\u2028X-Evil: yes';
    const target = mailTarget({
      smtp: mailbox.url,
      from: 'tenantry@msp.example',
      to: ['desk@msp.example', 'b@msp.example'],
    });

    await target.send(batchMessage(batch([group({ ...customer, customer: evil })])), 'batch-1');

    const [letter] = mailbox.letters as [string];
    const [head = '', ...body] = letter.split('\n\n');
    const headers = head.split(/\n(?! )/).map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
    expect(headers).not.toContain('bcc');
    expect(headers).not.toContain('x-evil');
    expect(head).toContain('To: desk@msp.example, b@msp.example');
    expect(head).toContain('Message-ID: <batch-1@tenantry.invalid>');
    expect(head.replaceAll('\n ', ' ')).toContain('Subject: Customer Inc Bcc: all@evil.example <script> X-Evil: yes');
    expect(body.join()).toContain('tenantry customer');
  });

  test('is not sent where the connection would stay readable, except on this machine', async () => {
    const mailbox = await opened(openMailbox());
    const smtp = mailbox.url.replace('127.0.0.1', '0.0.0.0');
    const mail = mailTarget({ smtp, from: 'tenantry@msp.example', to: ['desk@msp.example'] }, 5000);

    await expect(mail.send({ type: 'x', subject: 's', text: 't' }, 'batch-1')).rejects.toMatchObject({ code: 'ETLS' });
    expect(mailbox.letters).toEqual([]);
  });
});

describe('a chat', () => {
  const evil = { subject: 'Customer <!channel>', text: '@everyone ```x``` [click](https://evil.example) & more' };

  test('of Slack mentions nobody', () => {
    expect(chatBody('slack', evil)).toEqual({
      text: 'Customer &lt;!channel&gt;\n\n@everyone ```x``` [click](https://evil.example) &amp; more',
      mrkdwn: false,
    });
  });

  test('of Discord mentions nobody and finds no marks', () => {
    expect(chatBody('discord', evil)).toEqual({
      content: "```\nCustomer <!channel>\n\n@everyone '''x''' [click](https://evil.example) & more\n```",
      allowed_mentions: { parse: [] },
    });
  });

  test('of Teams gets a card of plain text', () => {
    const texts = JSON.stringify(chatBody('teams', evil)).match(/"type":"Text[A-Za-z]*"/g);
    expect(new Set(texts)).toEqual(new Set(['"type":"TextRun"']));
  });

  test.each(['slack', 'teams', 'discord'] as const)('of %s gets no message that is too long', (app) => {
    const body = chatBody(app, { subject: 's'.repeat(1000), text: '😀\n'.repeat(9000) });
    const limit = { slack: 4000, teams: 28_000, discord: 2000 }[app];
    const size =
      app === 'teams'
        ? JSON.stringify(body).length
        : ((body as { content?: string; text?: string }).content ?? (body as { text: string }).text).length;
    expect(size).toBeLessThanOrEqual(limit);
  });

  test('is sent to the address in the secret, without following a redirect, and the address is not shown', async () => {
    const receiver = await opened(openReceiver());
    const file = fileWith(
      { chat: { kind: 'chat', app: 'slack', url: 'env:CHAT' } },
      { chat: [`${receiver.url}/TOKEN`] },
    );
    const chat = openTarget(file, 'chat', direct)!;

    await chat.send({ type: 'x', ...evil }, 'batch-1');
    receiver.answer = { status: 302, headers: { location: receiver.url } };
    await expect(chat.send({ type: 'x', ...evil }, 'batch-1')).rejects.toMatchObject({ code: 'HTTP_302' });

    expect(receiver.got.map(({ body }) => JSON.parse(body))).toEqual([
      chatBody('slack', evil),
      chatBody('slack', evil),
    ]);
    expect(chat.where).toBe(`slack at ${new URL(receiver.url).host}`);
  });
});

describe('a signed webhook', () => {
  test('gets each cause with its number, severity and commands', async () => {
    const receiver = await opened(openReceiver());
    const file = fileWith({ hook: { kind: 'webhook', url: receiver.url, secrets: ['env:SIGN'] } }, { hook: [secret] });
    const routed = new RoutedNotices(
      { current: file },
      { client: {} as never, taskQueue: 'x', clouds: () => [], proxyFor: direct },
    );

    await routed.send('hook', batch([group({ ...customer, customer: 'C-1' }, { count: 4, names: ['C-1', 'C-2'] })]));

    const [{ headers, body }] = receiver.got as [(typeof receiver.got)[0]];
    const told = new Webhook(secret).verify(body, headers as Record<string, string>) as { data: { causes: object[] } };
    expect(headers['webhook-id']).toBe('batch-1');
    expect(told).toMatchObject({ type: 'notices', data: { subject: '2 customers need a person: Tenantry.Asks' } });
    expect(told.data.causes).toMatchObject([
      { type: 'customer.blocked', severity: 'normal', count: 4, names: ['C-1', 'C-2'] },
    ]);
  });

  test('that the file does not have fails with a code that says so', async () => {
    const routed = new RoutedNotices(
      { current: fileWith({}, {}) },
      { client: {} as never, taskQueue: 'x', clouds: () => [], proxyFor: direct },
    );
    await expect(routed.send('gone', batch([]))).rejects.toMatchObject({ code: 'NO_SUCH_TARGET' });
  });
});

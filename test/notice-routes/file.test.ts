import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { readNotices } from '../../notice-routes/notices-file.js';
import { openNotices } from '../../notice-routes/opened.js';
import { signingSecretProblem } from '../../settings/signing-secret.js';

const chat = { kind: 'chat', app: 'slack', url: 'env:CHAT' };
const usable = { targets: { chat }, routes: [{ to: ['chat'] }] };

function problemsOf(value: unknown): string[] {
  const reading = readNotices(value);
  return 'problems' in reading ? reading.problems.map(({ path, message }) => `${path}: ${message}`) : [];
}

describe('notices.json', () => {
  test('can be used as the example has it', () => {
    const example: unknown = JSON.parse(readFileSync('examples/notices.json', 'utf8'));
    expect(problemsOf(example)).toEqual([]);
  });

  test('has defaults for what it does not say', () => {
    expect(readNotices(usable)).toMatchObject({
      timezone: 'UTC',
      quiet: [],
      gatherMs: 30_000,
      againMs: 4 * 3_600_000,
      routes: [{ when: {}, digest: false, quiet: true }],
    });
  });

  test.each([
    [[], 'notices: must be an object, not a list'],
    [{ ...usable, timezone: 'Vienna' }, 'timezone: must be the name of a time zone, such as Europe/Vienna'],
    [{ ...usable, qiet: [] }, 'qiet: is not a field here; did you mean quiet?'],
    [{ ...usable, digest: '7:30' }, 'digest: must be a time of day such as "07:30"'],
    [{ ...usable, gather: '1 hour' }, 'gather: must be at most "10 minutes"'],
    [{ ...usable, again: '8 days' }, 'again: must be at most "7 days"'],
    [
      { ...usable, quiet: [{ from: '00:00', until: '00:00' }] },
      'quiet: leaves no minute of the week in which anything but what is urgent is sent',
    ],
    [{ ...usable, targets: { chat: { ...chat, kind: 'pigeon' } } }, 'targets.chat.kind: must be mail, chat or webhook'],
    [{ ...usable, targets: { chat: { ...chat, url: 'https://x.example' } } }, 'targets.chat.url: must be env:NAME'],
    [
      { ...usable, targets: { chat, other: chat } },
      'targets.other: is used by no route: name it in the "to" of one, or remove it',
    ],
    [{ targets: { Chat: chat }, routes: [{ to: ['Chat'] }] }, 'targets.Chat: cannot be the name of a target'],
    [{ targets: { chat }, routes: [{ to: ['chat', 'chta'] }] }, 'routes.0.to.1: is no target; did you mean chat?'],
    [{ targets: { chat }, routes: [{ to: ['chat', 'chat'] }] }, 'routes.0.to: names a target twice'],
    [{ targets: { chat }, routes: [{ to: ['chat'], digest: true }] }, 'digest: is missing: routes.0 is for the digest'],
    [
      { targets: { chat }, routes: [{ when: { severity: ['urgent'] }, to: ['chat'] }] },
      'routes.0: is the last route, so it must have no "when"',
    ],
    [{ targets: { chat }, routes: [{ to: [] }, { to: ['chat'] }] }, 'routes.1: is never reached, because routes.0'],
    [
      { targets: { chat }, routes: [{ when: { operations: ['provisonCustomer'] }, to: [] }, { to: ['chat'] }] },
      'routes.0.when.operations.0: must be the name of an operation',
    ],
  ])('%j is refused: %s', (value, problem) => {
    expect(problemsOf(value)).toEqual([expect.stringContaining(problem)]);
  });

  test('is refused with every problem at once', () => {
    const wrong = {
      digest: 'noon',
      targets: { hook: { kind: 'webhook', url: 'http://hooks.example.com/x', secrets: [] } },
      routes: [{ to: ['hook'], whn: {} }],
    };
    expect(problemsOf(wrong)).toEqual([
      'digest: must be a time of day such as "07:30"',
      'targets.hook.url: must begin with https://; http:// is only for 127.0.0.1',
      'targets.hook.secrets: must have at least 1 entries',
      'routes.0.whn: is not a field here; did you mean when?',
    ]);
  });
});

describe('the secrets of notices.json', () => {
  const file = {
    targets: {
      chat,
      desk: { kind: 'mail', smtp: 'env:SMTP', from: 'a@msp.example', to: ['b@msp.example'] },
      hook: { kind: 'webhook', url: 'https://hooks.msp.example/', secrets: ['env:SIGN'] },
    },
    routes: [{ to: ['chat', 'desk', 'hook'] }],
  };
  const open = async (secrets: Record<string, string>) =>
    await openNotices(
      file,
      async (reference) => {
        const text = secrets[reference.slice(4)];
        if (text === undefined) throw new Error(`${reference} is not set`);
        return text;
      },
      signingSecretProblem,
    );

  test('are read, without the line end of a file', async () => {
    const secrets = {
      CHAT: 'https://chat.example/T\n',
      SMTP: 'smtps://u:p@mail.example',
      SIGN: `whsec_${'a'.repeat(32)}`,
    };
    expect(await open(secrets)).toMatchObject({
      secrets: { chat: ['https://chat.example/T'], desk: [secrets.SMTP], hook: [secrets.SIGN] },
    });
  });

  test('are refused all at once where they cannot be used, and never shown', async () => {
    const opened = await open({ CHAT: 'http://chat.example/TOKEN', SMTP: 'mail.example:TOKEN' });

    expect(opened).toEqual({
      problems: [
        {
          path: 'targets.chat.url',
          message: 'names a secret that must begin with https://; http:// is only for 127.0.0.1',
        },
        {
          path: 'targets.desk.smtp',
          message: 'names a secret that must be an address such as smtps://user:password@mail.example.com',
        },
        { path: 'targets.hook.secrets.0', message: 'env:SIGN is not set' },
      ],
    });
  });
});

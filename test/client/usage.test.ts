import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { tenantry } from '../support/command.js';

test.each<[string, string[], RegExp]>([
  ['nothing', [], /^Usage: tenantry /],
  ['a command that there is not', ['nonsense'], /unknown command 'nonsense'/],
  ['a command without what it needs', ['run'], /required option '--input <file>'/],
  ['a group without a command', ['show'], /^Usage: tenantry show /],
  ['an option that there is not', ['list', '--nonsense'], /unknown option '--nonsense'/],
  ['an option that is no number', ['engine', '--port', 'x'], /must be a whole number/],
  [
    'a fixture that is not there',
    ['simulator', '--fixture', '/nothere'],
    /^\/nothere cannot be read as a JSON fixture/,
  ],
  ['a database in no folder', ['engine', '--db', '/nothere/x.db'], /^The folder \/nothere does not exist/],
])('%s typed: exit code 2, and a message', async (_words, args, sentence) => {
  expect(await tenantry(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});

test.each(['simulator', 'engine'])('%s on a port in use: exit code 1, and a message', async (command) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  try {
    const ended = await tenantry([command, '--port', String(port)]);

    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(`Port ${port} is in use`) });
  } finally {
    other.close();
  }
});

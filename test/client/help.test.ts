import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { CliCommand } from '../../client/cli/command.js';
import { commandGroups, program } from '../../client/cli/program.js';
import { tenantryHere } from '../support/command-here.js';

/** Every command, with those it belongs to. */
function all(command: Command, path: readonly string[] = []): string[][] {
  return [[...path], ...command.commands.flatMap((one) => all(one, [...path, one.name()]))];
}

const commands = all(await program(() => undefined)).map(
  (path) => [path.join(' ') || 'the program itself', path] as const,
);

test.each(commands)('the help of %s gives examples of exactly that command', async (_name, path) => {
  const { stdout } = await tenantryHere([...path, '--help']);

  const examples = stdout.split('\nExamples:\n')[1]?.trimEnd().split('\n') ?? [];
  expect(examples.length).toBeGreaterThan(0);
  expect(examples.filter((line) => !line.startsWith(`  ${['tenantry', ...path].join(' ')}`))).toEqual([]);
});

const readme = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');

test('the help of run lists the exit codes as README does', async () => {
  const [listed] = /^Exit codes: .*\.$/m.exec(readme) ?? [];

  expect(`${/^Exit codes: .*$/m.exec((await tenantryHere(['run', '--help'])).stdout)?.[0]}.`).toBe(listed);
});

test.each(['status', 'list', 'cancel', 'plan'])('the help of %s lists its exit codes', async (command) => {
  expect((await tenantryHere([command, '--help'])).stdout).toMatch(/^Exit codes: 0 .*\b1 .*\b2 /m);
});

test('the help of the program, which loads no command, says the same as all commands loaded', async () => {
  const full = (await program(() => undefined)).helpInformation();

  expect((await program(() => undefined, { args: ['--help'] })).helpInformation()).toBe(full);
  expect((await tenantryHere([])).stderr).toContain(full.trim());
});

test('the operations are listed by name', async () => {
  const { stdout } = await tenantryHere(['operations', '--json']);

  const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
  expect(names).toContain('addUser');
  expect(names).toEqual(names.toSorted());
});

test.each(commandGroups)('a module is loaded for the commands that it has: $commands', async ({ commands, load }) => {
  const top = new CliCommand('tenantry', () => undefined);

  (await load())(top);

  expect(top.commands.map((one) => one.name())).toEqual(commands);
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tenantryHere } from '../support/command-here.js';

let folder: string;
let script: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'completion-'));
  script = join(folder, 'tenantry.bash');
  writeFileSync(script, (await tenantryHere(['completion', 'bash'])).stdout);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a real bash offers after these words; the last one is not complete. */
function offered(...words: readonly string[]): string[] {
  const line = ['tenantry', ...words].map((word) => `'${word}'`).join(' ');
  const ask = `source '${script}'; COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _tenantry; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' }).split('\n').filter(Boolean);
}

test.each<[string, string[], string[]]>([
  ['a command', ['rec'], ['reconcile']],
  ['a command of a command', ['customer', 'ho'], ['hold']],
  ['an operation', ['run', 'provision'], ['provisionCustomer', 'provisionPartner']],
  ['an option', ['run', 'provisionCustomer', '--inp'], ['--input']],
  ['a choice of an option', ['list', '--state', 'u'], ['undoing', 'undone']],
  ['a choice of an argument', ['completion', ''], ['bash', 'zsh', 'fish']],
  ['a word after an option with a value', ['brake', '--cloud', 'eu', 'st'], ['status']],
  ['nothing for a value that it cannot know', ['list', '--customer', ''], []],
  ['no word for a file, which bash completes itself', ['run', 'addUser', '--input', ''], []],
])('bash completes %s', (_words, typed, expected) => {
  expect(offered(...typed)).toEqual(expected);
});

test('bash offers every command, and none of its options before a dash', () => {
  const first = offered('');

  expect(first).toEqual(expect.arrayContaining(['up', 'run', 'show', 'completion']));
  expect(first.filter((word) => word.startsWith('-'))).toEqual([]);
  expect(offered('show', 'tree', '--')).toEqual(expect.arrayContaining(['--depth', '--kind', '--help']));
});

test.each(['zsh', 'fish'])('the script for %s has commands, operations and choices', async (shell) => {
  const { code, stdout } = await tenantryHere(['completion', shell]);

  expect(code).toBe(0);
  for (const word of ['customer hold', 'provisionCustomer', 'list --state', 'undoing']) expect(stdout).toContain(word);
});

test('another shell is refused with the names of the known ones', async () => {
  const { code, stderr } = await tenantryHere(['completion', 'tcsh']);

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('Allowed choices are bash, zsh, fish') });
});

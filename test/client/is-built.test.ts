import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../../../client/cli/is-built.cjs', import.meta.url));
const BUILT = 'dist/worker/workflow-bundle-encrypting.js';
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'is-built-'));
  for (const one of ['dist/worker', 'worker', 'node_modules/other', 'docs'])
    mkdirSync(join(folder, one), { recursive: true });
  write('worker/a.ts', 10);
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, at: number): void {
  writeFileSync(join(folder, path), '');
  utimesSync(join(folder, path), at, at);
}
const isBuilt = () => spawnSync(process.execPath, [script], { cwd: folder }).status === 0;

test('what is newer than its sources is not built again, whatever else has changed', () => {
  write(BUILT, 20);
  write('node_modules/other/b.ts', 30);
  write('docs/page.md', 30);

  expect(isBuilt()).toBe(true);
});

test.each(['worker/a.ts', 'package.json', 'worker/b.cts'])('a newer %s is built', (path) => {
  write(BUILT, 20);
  write(path, 30);

  expect(isBuilt()).toBe(false);
});

test('what was not built to its end is built', () => {
  expect(isBuilt()).toBe(false);
});

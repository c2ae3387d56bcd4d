import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { findEngine, missingSearchAttributes, setUpNamespace, startEngine } from '../../engine/index.js';
import { searchAttributes } from '../../contract/search-attributes.js';
import { cleanEnvironment, emptyFolder, program, tenantry } from '../support/command.js';

const database = () => join(mkdtempSync(join(tmpdir(), 'tenantry-db-')), 'engine.db');
const options = { searchAttributes, headless: true };

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<void> {
  while (alive(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
}

test('what a killed server knew is still there after a restart on the same file', async () => {
  const db = database();
  const first = await startEngine({ ...options, db });
  const connection = await Connection.connect({ address: first.address });
  await setUpNamespace({ connection, namespace: 'kept', searchAttributes });
  await connection.close();
  process.kill(first.pid, 'SIGKILL');
  await first.exited;

  const second = await startEngine({ ...options, db });
  const again = await Connection.connect({ address: second.address });

  expect(await missingSearchAttributes(again, 'kept', searchAttributes)).toEqual([]);
  await again.close();
  await second.stop();
});

/** A server whose first start fails because another program has just taken one of its ports. */
async function losesItsPortOnce(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-port-'));
  const { path } = await findEngine();
  const script = join(folder, 'server');
  const lines = [
    '#!/bin/sh',
    `if mkdir '${folder}/started' 2>/dev/null; then`,
    '  echo "listen tcp 127.0.0.1: bind: address already in use"; exit 1',
    'fi',
    `exec '${path}' "$@"`,
  ];
  writeFileSync(script, lines.join('\n'), { mode: 0o755 });
  return script;
}

test('a free port that another program takes first is replaced, and a temporary database is there', async () => {
  const engine = await startEngine({ ...options, path: await losesItsPortOnce() });

  expect(existsSync(engine.db)).toBe(true);
  await engine.stop();
});

test('a free port that another program takes first is replaced, and the file stays locked', async () => {
  const db = database();
  const engine = await startEngine({ ...options, db, path: await losesItsPortOnce() });

  await expect(startEngine({ ...options, db })).rejects.toThrow('in use by another engine');
  await engine.stop();
});

test('two engines never share a file', async () => {
  const db = database();
  const engine = await startEngine({ ...options, db });

  await expect(startEngine({ ...options, db })).rejects.toThrow(
    new RegExp(`in use by another engine \\(pid ${process.pid}\\)`),
  );

  await engine.stop();
});

test('a database in a folder that does not exist is refused, and no folder is created', async () => {
  const folder = join(dirname(database()), 'slip');

  const ended = await tenantry(['engine', '--db', join(folder, 'engine.db')]);

  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(`The folder ${folder} does not exist. Create it, or give another --db.`);
  expect(existsSync(folder)).toBe(false);
});

test.each(['port', 'uiPort'] as const)(
  'a given %s that is in use is refused at once, and nobody is asked there',
  async (which) => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await once(stranger, 'listening');
    const { port } = stranger.address() as AddressInfo;

    await expect(startEngine({ searchAttributes, [which]: port })).rejects.toThrow(`Port ${port} is in use.`);

    stranger.close();
  },
);

test('a stopped engine leaves neither process nor temporary file', async () => {
  const engine = await startEngine(options);

  await engine.stop();
  await engine.stop();

  expect(alive(engine.pid)).toBe(false);
  expect(existsSync(engine.db)).toBe(false);
});

test.each(['SIGKILL', 'SIGINT', 'SIGTERM'] as const)('no server outlives a command that gets %s', async (signal) => {
  const command = spawn(process.execPath, [program, 'engine'], {
    env: { PATH: process.env['PATH'] ?? '', ...cleanEnvironment(), ...cacheOf() },
    cwd: emptyFolder,
  });
  const [line] = (await once(command.stdout, 'data')) as [Buffer];
  const { address } = JSON.parse(line.toString()) as { address: string };

  command.kill(signal);
  await once(command, 'exit');

  while (await reachable(address)) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await reachable(address)).toBe(false);
});

test('a killed guard is noticed as the end of its server', async () => {
  const engine = await startEngine(options);

  process.kill(engine.pid, 'SIGTERM');
  await engine.exited;

  await gone(engine.pid);
  expect(alive(engine.pid)).toBe(false);
});

test('setting up is repeatable, raises a short retention and never shortens a long one', async () => {
  const engine = await startEngine(options);
  const connection = await Connection.connect({ address: engine.address });
  const twice = { connection, namespace: 'long', searchAttributes };

  expect(await setUpNamespace({ ...twice, retentionDays: 90 })).toMatchObject({ namespace: 'made', retentionDays: 90 });
  expect(await setUpNamespace(twice)).toEqual({ namespace: 'was there', retentionDays: 90, added: [] });
  expect(await setUpNamespace({ ...twice, retentionDays: 5 })).toMatchObject({
    namespace: 'changed',
    retentionDays: 5,
  });
  expect(await setUpNamespace(twice)).toMatchObject({ namespace: 'changed', retentionDays: 30 });
  await connection.close();
  await engine.stop();
});

test('a worker on a namespace without search attributes says what to run', async () => {
  const engine = await startEngine({ searchAttributes: searchAttributes.slice(1), headless: true });
  const credentials = {
    ACRONIS_BASE_URL: 'http://127.0.0.1:7',
    ACRONIS_CLIENT_ID: 'id',
    ACRONIS_CLIENT_SECRET: 'secret',
  };

  const ended = await tenantry(['worker'], { TEMPORAL_ADDRESS: engine.address, ...credentials });

  expect(ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/lacks the search attributes TenantryState\. Run "tenantry setup"/),
  });
  await engine.stop();
});

function cacheOf(): Record<string, string> {
  return { XDG_CACHE_HOME: process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache') };
}

async function reachable(address: string): Promise<boolean> {
  try {
    const connection = await Connection.connect({ address, connectTimeout: '1 second' });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}

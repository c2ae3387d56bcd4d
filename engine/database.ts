import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** A database file, locked for one engine. */
export interface LockedDatabase {
  readonly file: string;
  /** Unlocks the file; a temporary one is removed. */
  release(): Promise<void>;
}

/**
 * Locks the database file for this process, or a new temporary one. Two engines on one file would destroy it. Fails
 * when the folder of the file does not exist, because the path may be mistyped.
 */
export async function lockDatabase(db: string | undefined): Promise<LockedDatabase> {
  if (db === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'tenantry-engine-'));
    return { file: join(folder, 'temporal.db'), release: () => rm(folder, { recursive: true, force: true }) };
  }
  const file = resolve(db);
  checkFolder(file);
  const lock = `${file}.lock`;
  if (!createLock(lock)) {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (isAlive(holder))
      throw new Error(`${file} is in use by another engine (pid ${holder}). Stop that one, or use another file.`);
    rmSync(lock, { force: true });
    if (!createLock(lock)) throw new Error(`${file} was taken by another engine just now. Use another file.`);
  }
  return { file, release: async () => rmSync(lock, { force: true }) };
}

/** Fails when the folder of a database file does not exist. */
export function checkFolder(db: string): void {
  const folder = dirname(resolve(db));
  if (!existsSync(folder)) throw new Error(`The folder ${folder} does not exist. Create it, or give another --db.`);
}

function createLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

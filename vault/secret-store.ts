import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decrypt, DecryptionError, encrypt } from './encryption.js';
import type { KeyRing } from './keys.js';

/** What the name of a stored secret may look like. */
export const secretName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

const EXTENSION = '.secret';
const UNFINISHED = '.new';
const HOUR_MS = 3_600_000;

/** For what a run has stored a secret. */
export interface SecretOwner {
  kind: 'api-client' | 'agent-token';
  cloud: string;
  tenantId: string;
  /** Name of the API client, or login of the user of a token. */
  name?: string;
}

/** Where a secret comes from. */
export interface SecretOrigin {
  owner: SecretOwner;
  /** Id of the API client or of the token. */
  id: string;
  /** The mark of the run that stored it. */
  mark?: string;
}

export interface StoredSecret {
  value: string;
  /** Absent for a secret that a person, or an earlier version, has stored. */
  origin?: SecretOrigin;
}

type SecretCheck = (existing: StoredSecret | undefined) => void;

/** Secrets by name, each in an encrypted file of one folder. Several processes may share the folder. */
export interface SecretStore {
  /**
   * Stores a secret, replacing an earlier value. Returns once it is on the disk. If several calls write at once, one
   * value remains. `check` sees the secret that would be replaced, and may throw.
   */
  put(name: string, value: string, origin?: SecretOrigin, check?: SecretCheck): Promise<void>;
  /**
   * The secret with its origin; undefined if there is none with this name. Fails with a `DecryptionError` when its key
   * is not in the ring.
   */
  read(name: string): Promise<StoredSecret | undefined>;
  /** Creates the folder if needed. Fails, with the reason, when nothing can be stored there. */
  check(): Promise<void>;
  names(): Promise<string[]>;
  /** Returns false if there was none. */
  remove(name: string): Promise<boolean>;
}

/** Opens a folder, which is created with the first `put`. */
export function openSecretStore(folder: string, keys: KeyRing): SecretStore {
  const pathOf = (name: string) => {
    if (!secretName.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a secret`);
    return join(folder, name + EXTENSION);
  };
  const read = async (name: string) => {
    const content = await readFile(pathOf(name), 'utf8').catch(ignoreMissing);
    return content === undefined ? undefined : decryptFile(name, content, keys);
  };
  return {
    async put(name, value, origin, check) {
      const path = pathOf(name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await removeLeftovers(folder);
      const content = encryptFile(name, { value, ...(origin && { origin }) }, keys);
      await replaceFile(path, content, async () => check?.(await read(name)));
      await flushFolder(folder);
    },
    read,
    async check() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await access(folder, constants.W_OK);
    },
    async names() {
      const files = (await readdir(folder).catch(ignoreMissing)) ?? [];
      return files.filter((file) => file.endsWith(EXTENSION)).map((file) => file.slice(0, -EXTENSION.length));
    },
    async remove(name) {
      const path = pathOf(name);
      const exists = (await readFile(path).catch(ignoreMissing)) !== undefined;
      await rm(path, { force: true });
      return exists;
    },
  };
}

/** Removes what writers that were killed have left. A writer needs seconds, so nothing recent is touched. */
async function removeLeftovers(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((file) => file.endsWith(UNFINISHED));
  for (const path of unfinished.map((file) => join(folder, file))) {
    const written = await stat(path).catch(ignoreMissing);
    if (written !== undefined && written.mtimeMs < Date.now() - HOUR_MS) await rm(path, { force: true });
  }
}

/**
 * Replaces a file by renaming a complete one. Each writer has its own temporary file, so that concurrent writers do not
 * mix.
 */
async function replaceFile(path: string, content: string, check: () => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomUUID()}${UNFINISHED}`;
  try {
    await writeAndFlush(temporary, content);
    await check();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function writeAndFlush(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk only after its folder is flushed. */
async function flushFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** `key:secret`, or `key:secret:origin`. Earlier versions read the first two parts. */
function encryptFile(name: string, { value, origin }: StoredSecret, { current }: KeyRing): string {
  const secret = encrypt(current, Buffer.from(value), name).toString('base64');
  const parts = [current.id, secret];
  if (origin) {
    const text = Buffer.from(JSON.stringify(origin));
    parts.push(encrypt(current, text, originContext(name, secret)).toString('base64'));
  }
  return `${parts.join(':')}\n`;
}

/** Binds an origin to its secret, so that nobody can put it beside another one. */
function originContext(name: string, encrypted: string): string {
  return `${name}:${encrypted}`;
}

function decryptFile(name: string, content: string, keys: KeyRing): StoredSecret {
  const [id = '', encrypted = '', origin] = content.trim().split(':');
  const key = keys.find(id);
  if (key === undefined)
    throw new DecryptionError(`the secret ${name} needs the key ${id}, which TENANTRY_CODEC_KEYS lacks`);
  try {
    const value = decrypt(key, Buffer.from(encrypted, 'base64'), name).toString('utf8');
    if (origin === undefined) return { value };
    const text = decrypt(key, Buffer.from(origin, 'base64'), originContext(name, encrypted)).toString('utf8');
    return { value, origin: JSON.parse(text) as SecretOrigin };
  } catch {
    throw new DecryptionError(
      `the secret ${name} cannot be decrypted: the key ${id} has changed, or the file is damaged`,
    );
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyRing } from './keys.js';
import { seal, unseal } from './encryption.js';
import { DecryptionError } from './unreadable.js';

/** What may be the name of a stored secret. */
export const secretName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

const ENDING = '.secret';

/** Secrets by name, each in an encrypted file of one folder, which gateway and workers may share. */
export interface SecretStore {
  /** Replaces what was there, once it is on the disk. The file is complete or not there at all; of several at once one remains. */
  put(name: string, value: string): Promise<void>;
  /** The secret, or undefined when there is none of this name. Fails when its key is not in the ring. */
  get(name: string): Promise<string | undefined>;
  names(): Promise<string[]>;
  /** False when there was none. */
  remove(name: string): Promise<boolean>;
}

/** Opens a folder; nothing is made before the first `put`. */
export function openSecretStore(folder: string, keys: KeyRing): SecretStore {
  const file = (name: string) => {
    if (!secretName.test(name)) throw new Error(`${JSON.stringify(name)} cannot be the name of a secret`);
    return join(folder, name + ENDING);
  };
  return {
    async put(name, value) {
      const path = file(name);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { current } = keys;
      const sealed = seal(current, Buffer.from(value), name).toString('base64');
      // of two that put at once neither may write into the file of the other
      const unfinished = `${path}.${randomUUID()}.new`;
      try {
        await written(unfinished, `${current.id}:${sealed}\n`);
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      await flushed(folder);
    },
    async get(name) {
      const content = await readFile(file(name), 'utf8').catch(absent);
      return content === undefined ? undefined : opened(name, content, keys);
    },
    async names() {
      const all = (await readdir(folder).catch(absent)) ?? [];
      return all.filter((one) => one.endsWith(ENDING)).map((one) => one.slice(0, -ENDING.length));
    },
    async remove(name) {
      const path = file(name);
      const there = (await readFile(path).catch(absent)) !== undefined;
      await rm(path, { force: true });
      return there;
    },
  };
}

/** Writes a file that is on the disk, not only on its way there, once this ends. */
async function written(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is on the disk once its folder is. */
async function flushed(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function opened(name: string, content: string, keys: KeyRing): string {
  const [id = '', sealed = ''] = content.trim().split(':');
  const key = keys.find(id);
  if (key === undefined)
    throw new DecryptionError(`the secret ${name} needs the key ${id}, which TENANTRY_CODEC_KEYS lacks`);
  try {
    return unseal(key, Buffer.from(sealed, 'base64'), name).toString('utf8');
  } catch {
    throw new DecryptionError(`the secret ${name} cannot be decrypted: another key ${id} than then, or a damaged file`);
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { createWriteStream, existsSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ReadableArtefactStore } from '../contract/artefacts.js';
import { decodeText } from '../contract/text-files.js';

const UNFINISHED = /\.[0-9a-f-]{36}\.new$/;
const HOUR_MS = 3_600_000;

/** Keeps artefacts as files below a folder, which is created when it is first needed. */
export function createFolderStore(folder: string): ReadableArtefactStore {
  return {
    async put({ name, content }) {
      const path = resolve(join(folder, name));
      await mkdir(dirname(path), { recursive: true });
      await removeLeftovers(dirname(path));
      // a rename is atomic, so a reader finds a complete file or none
      const temporary = `${path}.${randomUUID()}.new`;
      try {
        await pipeline(content, createWriteStream(temporary, { mode: 0o600 }));
        await rename(temporary, path);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
      return pathToFileURL(path).href;
    },
    holds: (location) => isBelow(folder, location),
    get: async (location) => decodeText(await readFile(fileURLToPath(location))),
    remove: async (location) => await rm(fileURLToPath(location), { force: true }),
    async check() {
      const path = resolve(folder);
      const exists = existsSync(path);
      try {
        await tryToWrite(exists ? path : nearestExisting(path));
        return { state: 'ok', message: `folder ${path}${exists ? '' : ', made with the first file'}` };
      } catch (error) {
        return { state: 'wrong', message: `folder ${path} cannot be written: ${(error as Error).message}` };
      }
    },
  };
}

function isBelow(folder: string, location: string): boolean {
  try {
    return fileURLToPath(location).startsWith(resolve(folder) + sep);
  } catch {
    // it is no address of a file
    return false;
  }
}

/** Removes what writers that were killed have left: files that nobody has written to for an hour. */
async function removeLeftovers(folder: string): Promise<void> {
  const unfinished = (await readdir(folder)).filter((file) => UNFINISHED.test(file));
  for (const path of unfinished.map((file) => join(folder, file))) {
    const written = await stat(path).catch(() => undefined);
    if (written !== undefined && written.mtimeMs < Date.now() - HOUR_MS) await rm(path, { force: true });
  }
}

/** Makes an empty folder and removes it: rights alone do not say whether a disk can be written. */
async function tryToWrite(folder: string): Promise<void> {
  await rmdir(await mkdtemp(join(folder, '.check-')));
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

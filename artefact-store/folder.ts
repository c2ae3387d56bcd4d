import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rmdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ReadableArtefactStore } from '../contract/artefacts.js';

/** Keeps artefacts as files below a folder, which is created when it is first needed. */
export function createFolderStore(folder: string): ReadableArtefactStore {
  return {
    async put({ name, content }) {
      const path = resolve(join(folder, name));
      await mkdir(dirname(path), { recursive: true });
      // a rename is atomic, so a reader finds a complete file or none
      const temporary = `${path}.${randomUUID()}`;
      await writeFile(temporary, content, { mode: 0o600 });
      await rename(temporary, path);
      return pathToFileURL(path).href;
    },
    get: async (location) => await readFile(fileURLToPath(location), 'utf8'),
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

/** Makes an empty folder and removes it: rights alone do not say whether a disk can be written. */
async function tryToWrite(folder: string): Promise<void> {
  await rmdir(await mkdtemp(join(folder, '.check-')));
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

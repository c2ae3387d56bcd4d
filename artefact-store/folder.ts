import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Artefacts } from '../contract/artefacts.js';

/** Keeps artefacts as files below a folder, which is made when it is first needed. */
export function folderStore(folder: string): Artefacts {
  return {
    async put({ name, content }) {
      const path = resolve(join(folder, name));
      await mkdir(dirname(path), { recursive: true });
      // whoever reads finds a whole file or none
      const unfinished = `${path}.${randomUUID()}`;
      await writeFile(unfinished, content, { mode: 0o600 });
      await rename(unfinished, path);
      return pathToFileURL(path).href;
    },
    get: async (place) => await readFile(fileURLToPath(place), 'utf8'),
    async check() {
      const path = resolve(folder);
      try {
        await access(nearest(path), constants.W_OK);
        return { state: 'ok', message: `folder ${path}` };
      } catch (error) {
        return { state: 'wrong', message: `folder ${path}: ${(error as Error).message}` };
      }
    },
  };
}

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

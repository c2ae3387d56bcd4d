import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ArtefactStore } from '../../activities/index.js';

/** Keeps artefacts as files below a folder, which is made when it is first needed. */
export function folderStore(folder: string): ArtefactStore {
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
  };
}

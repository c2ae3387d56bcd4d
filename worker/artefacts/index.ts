import type { ArtefactSettings } from './config.js';
import { folderStore } from './folder.js';
import { s3Store } from './s3.js';
import type { Artefacts } from './store.js';

export type { Artefacts, StoreCheck } from './store.js';

/** The store in which this worker keeps files; connects to nothing yet. */
export function openArtefacts(settings: ArtefactSettings): Artefacts {
  return 'folder' in settings ? folderStore(settings.folder) : s3Store(settings);
}

import type { ArtefactSettings } from '../settings/artefacts.js';
import { createFolderStore } from './folder.js';
import { createS3Store } from './s3.js';
import type { ReadableArtefactStore } from '../contract/artefacts.js';

/** The store for the files of runs. Connects to nothing yet. */
export function openArtefacts(settings: ArtefactSettings): ReadableArtefactStore {
  return 'folder' in settings ? createFolderStore(settings.folder) : createS3Store(settings);
}

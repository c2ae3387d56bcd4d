import type { ArtefactSettings } from '../settings/artefacts.js';
import { folderStore } from './folder.js';
import { s3Store } from './s3.js';
import type { Artefacts } from '../contract/artefacts.js';

export type { Artefacts, StoreCheck } from '../contract/artefacts.js';

/** The store in which this worker keeps files; connects to nothing yet. */
export function openArtefacts(settings: ArtefactSettings): Artefacts {
  return 'folder' in settings ? folderStore(settings.folder) : s3Store(settings);
}

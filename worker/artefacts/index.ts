import type { ArtefactStore } from '../../activities/index.js';
import type { ArtefactSettings } from './config.js';
import { folderStore } from './folder.js';

/** The store in which this worker keeps files. */
export function openArtefacts({ folder }: ArtefactSettings): ArtefactStore {
  return folderStore(folder);
}

import type { Environment } from '../../vault/index.js';

/** Where a worker keeps the files that runs bring. */
export interface ArtefactSettings {
  folder: string;
}

const FOLDER = 'artefacts';

/** Reads TENANTRY_ARTEFACTS_…; a folder beside the worker unless told otherwise. */
export function readArtefacts(environment: Environment): ArtefactSettings {
  return { folder: environment['TENANTRY_ARTEFACTS_DIR'] || FOLDER };
}

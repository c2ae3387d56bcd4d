/** A file that a run brings. */
export interface ArtefactFile {
  /** Where in the store it goes: parts of letters, digits, `.`, `_` and `-`, with `/` between them. */
  name: string;
  content: Uint8Array;
  /** Media type. */
  type: string;
}

/** Where files are kept that do not belong into a run's history. */
export interface ArtefactStore {
  /** Keeps a file under its name, in place of an earlier one, and says where it is. Safe to repeat. */
  put(file: ArtefactFile): Promise<string>;
}

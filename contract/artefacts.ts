/**
 * The result of checking a store. `unsure`: only writing the first file will show whether it works. `refused`: the
 * store denies access. `wrong`: the settings name no store that can be asked.
 */
export interface StoreCheck {
  state: 'ok' | 'unsure' | 'refused' | 'wrong';
  message: string;
}

/** A store whose files can also be read. */
export interface ReadableArtefactStore extends ArtefactStore {
  /** True for the place of a file of this store, whether it is still there or not. */
  holds(place: string): boolean;
  /** Reads the text of a file. `place` is what `put` returned. */
  get(place: string): Promise<string>;
  /** Removes a file; one that is not there is removed already. `place` is what `put` returned. */
  remove(place: string): Promise<void>;
}

export interface ArtefactFile {
  /** Path in the store: segments of letters, digits, `.`, `_` and `-`, separated by `/`. */
  name: string;
  /** Read once, in parts. If it fails, nothing is stored. */
  content: AsyncIterable<Uint8Array>;
  /** Media type. */
  type: string;
}

/** Stores files that do not belong in a run's history. */
export interface ArtefactStore {
  /**
   * Writes a file while its content is read, replacing an earlier one of that name, and returns its place. A file is
   * there as a whole or not at all. Safe to repeat.
   */
  put(file: ArtefactFile): Promise<string>;
  /** Checks whether files can be stored. Changes nothing and never throws. */
  check(): Promise<StoreCheck>;
}

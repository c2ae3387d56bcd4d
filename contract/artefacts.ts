/**
 * What a look at a store shows: `unsure` when only the first file will show whether it is taken, `refused` when the store says that it will not
 * be, `wrong` when the settings leave nobody to ask.
 */
export interface StoreCheck {
  state: 'ok' | 'unsure' | 'refused' | 'wrong';
  message: string;
}

/** A store whose files can also be read. */
export interface Artefacts extends ArtefactStore {
  /** The text of a file that is kept at this place, as `put` has said it. */
  get(place: string): Promise<string>;
  /** Looks whether files can be kept there. Changes nothing, and never fails. */
  check(): Promise<StoreCheck>;
}

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

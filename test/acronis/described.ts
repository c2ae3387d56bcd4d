/** What the vendor answers about one thing, with every documented field that we read, and which of them the product needs. */
export interface Described {
  full: unknown;
  /** Paths that must be there, and be of the kind that they are. */
  needed?: readonly string[];
  /** Paths that may be missing or null, but of which another kind must not be taken for null. */
  decisive?: readonly string[];
  /** Paths without which the thing of which they are a part is not told at all. */
  partOf?: Readonly<Record<string, string>>;
}

/** The path of what a method answers with as it is. */
export const ALONE = '';

export const TIME = '2024-07-02T10:11:12';

/** A change that chance has made and that no test can notice, because the product still does the same. */
export interface Harmless {
  file: string;
  /** The line of the source, without its indentation. */
  line: string;
  /** What the change is called in the output. */
  change: string;
  reason: string;
}

export const harmless: readonly Harmless[] = [];

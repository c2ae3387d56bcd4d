/** One way to break the product on purpose. */
export interface Mutant {
  /** What is wrong then, in words. */
  mistake: string;
  file: string;
  /** A text that is exactly once in the file. */
  find: string;
  replace: string;
  /** Test files that must notice, as a jest pattern; and of their tests only those whose title fits. */
  caughtIn: string;
  title?: string;
}

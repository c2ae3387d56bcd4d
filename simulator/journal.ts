/** One call as the platform received it. Secrets of the token endpoint are never recorded. */
export interface JournalEntry {
  seq: number;
  at: string;
  method: string;
  /** Method and path with ids as `{id}`, without the base path. */
  route: string;
  path: string;
  /** Null if no answer was sent. */
  status: number | null;
  fault?: unknown;
  body?: unknown;
  tokenId?: string;
  userAgent?: string;
}

/** Every call since the start. */
export class Journal {
  readonly entries: JournalEntry[] = [];

  get count(): number {
    return this.entries.length;
  }

  /** All calls, or those of one route. */
  calls(route?: string): JournalEntry[] {
    return route === undefined ? [...this.entries] : this.entries.filter((entry) => entry.route === route);
  }

  open(entry: Omit<JournalEntry, 'seq' | 'at' | 'status'>): JournalEntry {
    const opened = { seq: this.entries.length + 1, at: new Date().toISOString(), status: null, ...entry };
    this.entries.push(opened);
    return opened;
  }
}

import { Problem } from '../problem.js';

/** How many streams there may be at a time. */
export interface MostStreams {
  ofKey: number;
  inAll: number;
}

/** Counts the streams that are open. */
export class Places {
  private readonly taken = new Map<string, number>();
  private inAll = 0;

  constructor(private readonly most: MostStreams) {}

  get count(): number {
    return this.inAll;
  }

  /** Takes a place until the function that it gives is called. Fails as 429 or 503 when there is none. */
  take(key: string): () => void {
    const own = this.taken.get(key) ?? 0;
    const { ofKey, inAll } = this.most;
    if (own >= ofKey)
      throw new Problem(
        429,
        'TooManyStreams',
        `The key ${key} has ${ofKey} streams open, and may have no more. Close one, or read the status instead.`,
      );
    if (this.inAll >= inAll)
      throw new Problem(
        503,
        'TooManyStreams',
        `The gateway has ${inAll} streams open, and takes no more. Try again later, or read the status instead.`,
      );
    this.change(key, 1);
    return () => this.change(key, -1);
  }

  private change(key: string, by: 1 | -1): void {
    const own = (this.taken.get(key) ?? 0) + by;
    if (own === 0) this.taken.delete(key);
    else this.taken.set(key, own);
    this.inAll += by;
  }
}

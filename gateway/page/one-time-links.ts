import { randomBytes } from 'node:crypto';

const LIFE_MS = 10 * 60_000;

/** Links with which a person logs in once, without a key. They are known to this gateway alone, and end with it. */
export class OneTimeLinks {
  private readonly unused = new Map<string, { keyName: string; until: number }>();

  constructor(private readonly now: () => Date) {}

  /** The path of a new link for this key. It works once, within ten minutes. */
  create(keyName: string): string {
    const token = randomBytes(24).toString('base64url');
    this.unused.set(token, { keyName, until: this.now().getTime() + LIFE_MS });
    return `/log-in?once=${token}`;
  }

  /** The name of the key of a link, which is used up by this; undefined when it does not work, or no longer. */
  take(token: string): string | undefined {
    const found = this.unused.get(token);
    this.unused.delete(token);
    return found !== undefined && this.now().getTime() < found.until ? found.keyName : undefined;
  }
}

const MOST_WRONG = 10;
const WINDOW_MS = 60_000;
const MOST_ADDRESSES = 10_000;

/** Counts wrong keys of each address, so that nobody can try many. */
export class WrongKeys {
  private readonly wrong = new Map<string, { count: number; until: number }>();

  constructor(private readonly now: () => Date) {}

  /** How many seconds this address must wait before its next try; 0 when it may try now. */
  waitOf(address: string): number {
    const one = this.wrong.get(address);
    const left = (one?.until ?? 0) - this.now().getTime();
    return one !== undefined && one.count >= MOST_WRONG && left > 0 ? Math.ceil(left / 1000) : 0;
  }

  count(address: string): void {
    const now = this.now().getTime();
    const one = this.wrong.get(address);
    const isOver = one === undefined || one.until <= now;
    this.wrong.delete(address);
    this.wrong.set(address, { count: isOver ? 1 : one.count + 1, until: now + WINDOW_MS });
    const [oldest] = this.wrong.keys();
    if (this.wrong.size > MOST_ADDRESSES && oldest !== undefined) this.wrong.delete(oldest);
  }
}

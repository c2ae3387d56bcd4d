import { AsyncLocalStorage } from 'node:async_hooks';

/** Who asks, and when. In milliseconds since 1970, by Temporal's clock. */
export interface Asking {
  /** What the search must find was started before this. */
  startedAt: number;
  /** The time of the question. Default: the start. */
  askedAt?: number | undefined;
  /** True when only a search will do that begins now. */
  again?: boolean | undefined;
}

interface Search<T> {
  /** By the monotonic clock of this process. */
  begunAt: number;
  /** Temporal's clock showed at least this when it began. */
  asOf: number;
  /** Undefined until it has ended. */
  tookMs?: number;
  found: Promise<T>;
}

/** The clocks of Temporal's servers differ by less than this. */
const CLOCKS_DIFFER_MS = 5000;
const FRESH_MS = 1000;
/** A search serves for so many times as long as it took: searches cost the server at most a tenth of one core. */
const FRESH_FACTOR = 10;
const FRESH_AT_MOST_MS = 30_000;

/** No deadline and no cancellation of one who asks may end what all wait for. */
export const outsideOfCaller = AsyncLocalStorage.snapshot();

/**
 * One search at a time for all claims of a worker: after a time without workers, or when very many runs are started at
 * once, each of them asks. A claim gets a search that began after its run was started; runs that it found may have changed
 * since. This worker's clock may be wrong, so it is not compared with Temporal's.
 */
export class SharedSearch<T> {
  private last: Search<T> | undefined;
  private next: Pick<Search<T>, 'asOf' | 'found'> | undefined;

  async find({ startedAt, askedAt = startedAt, again = false }: Asking, search: () => Promise<T>): Promise<T> {
    const { last } = this;
    if (!again && last !== undefined && last.asOf > startedAt + CLOCKS_DIFFER_MS && isFresh(last))
      return await last.found;
    this.next ??= { asOf: askedAt, found: outsideOfCaller(async () => await this.afterLast(search)) };
    this.next.asOf = Math.max(this.next.asOf, askedAt);
    return await this.next.found;
  }

  private async afterLast(search: () => Promise<T>): Promise<T> {
    await this.last?.found.catch(() => undefined);
    const { asOf } = this.next!;
    this.next = undefined;
    const begunAt = performance.now();
    const begun: Search<T> = { begunAt, asOf, found: search() };
    this.last = begun;
    try {
      return await begun.found;
    } catch (error) {
      this.last = undefined;
      throw error;
    } finally {
      begun.tookMs = performance.now() - begunAt;
    }
  }
}

function isFresh({ begunAt, tookMs = Infinity }: Search<unknown>): boolean {
  const forMs = Math.min(FRESH_AT_MOST_MS, Math.max(FRESH_MS, FRESH_FACTOR * tookMs));
  return performance.now() - begunAt < forMs;
}

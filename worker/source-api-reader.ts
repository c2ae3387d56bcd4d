import { fetchThrough } from '../acronis/index.js';
import { SourceNotReadable, type ChangeOf, type Truth, type TruthPage } from '../activities/index.js';
import type { PageSpec, SyncEvent } from '../contract/source-sync.js';
import type { WatchedFile } from '../settings/watched-file.js';
import { openApi } from '../sources/api/http.js';
import { SourceApiError, type Ask, type TruthContext } from '../sources/api/source-api.js';
import { findingsOf } from '../sources/findings.js';
import { UnreadableDelivery, type Reading } from '../sources/kind.js';
import type { Source } from '../sources/sources-file.js';
import type { KnownSources, ReadableSource } from './known-sources.js';

/** The proxy towards an address; undefined for a direct way. */
type ProxyFor = (address: string) => string | undefined;

/** Asks the senders how things are, by `sources.json` and its keys as they are now. */
export class SourceApiReader {
  /** Until when a sender wants no call, by source. Milliseconds since 1970. */
  private readonly pauses = new Map<string, number>();
  /** One for each proxy: it keeps connections. */
  private readonly fetches = new Map<string | undefined, typeof fetch>();

  constructor(
    private readonly sources: Pick<WatchedFile<KnownSources>, 'current'>,
    private readonly proxyFor: ProxyFor,
  ) {}

  /**
   * What a sender says of an object that has changed. A notice, where it has no such object: that is no end. Rejects with
   * `TruthUnread` while it cannot be asked, as all of these do.
   */
  async read({ source: name, object, event }: ChangeOf, signal: AbortSignal): Promise<Truth> {
    const source = this.find(name);
    const { cloud, mode } = source;
    try {
      const readings = await source.api.read(object, this.ask(name, source, signal), contextOf(name, source, event));
      return { ...truthOf(readings, mode), cloud };
    } catch (error) {
      if (!isOfKind('gone', error)) throw explained(name, error, signal);
      const gone = `${name} has no ${object.type} ${object.id} any more. Nothing is ended by that: a person must decide`;
      return { facts: [], cloud, notices: [gone], ignored: [] };
    }
  }

  /** What the key of a source belongs to; undefined where it does not say. */
  async account(name: string, signal: AbortSignal): Promise<string | undefined> {
    const source = this.find(name);
    try {
      return await source.api.account(this.ask(name, source, signal), source);
    } catch (error) {
      throw explained(name, error, signal);
    }
  }

  /** One page of all subscriptions; `expired`, when the sender does not know `after` any more. */
  async page({ source: name, event, after }: PageSpec, signal: AbortSignal): Promise<TruthPage> {
    const source = this.find(name);
    const { cloud, mode } = source;
    try {
      const ask = this.ask(name, source, signal);
      const { readings, count, next } = await source.api.list(after, ask, contextOf(name, source, event));
      return { ...truthOf(readings, mode), cloud, listed: count, ...(next !== undefined && { next }) };
    } catch (error) {
      if (after === undefined || !isOfKind('rejected', error)) throw explained(name, error, signal);
      return { facts: [], cloud, notices: [], ignored: [], listed: 0, expired: true };
    }
  }

  private find(name: string): ReadableSource {
    const { sources, readable } = this.sources.current;
    const source = Object.hasOwn(readable, name) ? readable[name] : undefined;
    if (source !== undefined) return source;
    const why = Object.hasOwn(sources, name)
      ? 'has no apiKey for an API that is read'
      : 'is not in the sources.json of this worker';
    throw new SourceNotReadable(`the source ${name} ${why}`);
  }

  /** Sends nothing while the sender wants a pause. */
  private ask(name: string, { address, headers }: ReadableSource, signal: AbortSignal): Ask {
    const ask = openApi({ address, headers, fetch: this.fetchFor(address), signal });
    return async (request) => {
      const waitMs = (this.pauses.get(name) ?? 0) - Date.now();
      if (waitMs > 0) throw new SourceApiError('throttled', 'it wants no calls for now', waitMs);
      return await ask(request).catch((error: unknown) => {
        if (error instanceof SourceApiError && error.retryAfterMs !== undefined)
          this.pauses.set(name, Date.now() + error.retryAfterMs);
        throw error;
      });
    };
  }

  private fetchFor(address: string): typeof fetch {
    const proxy = this.proxyFor(address);
    const known = this.fetches.get(proxy) ?? fetchThrough(proxy);
    this.fetches.set(proxy, known);
    return known;
  }
}

function contextOf(name: string, source: ReadableSource, { id, type }: SyncEvent): TruthContext {
  const { api: _api, key: _key, headers: _headers, ...described } = source;
  return { ...described, name, now: new Date(), event: { id, type, live: source.mode === 'live' } };
}

function truthOf(readings: readonly Reading[], mode: Source['mode']): Truth {
  const { facts, notices, reasons, problems } = findingsOf(readings, { mode });
  const unusable = problems.map(({ path, message }) => `it cannot be used: ${path} ${message}`);
  return { facts, notices: [...notices, ...unusable], ignored: reasons.filter((one) => !notices.includes(one)) };
}

function isOfKind(kind: SourceApiError['kind'], error: unknown): boolean {
  return error instanceof SourceApiError && error.kind === kind;
}

/** An error of a sender in words, with the pause that it asks for. */
function explained(name: string, error: unknown, signal: AbortSignal): unknown {
  signal.throwIfAborted();
  if (error instanceof UnreadableDelivery) return new SourceNotReadable(`${name}: ${error.message}`);
  if (error instanceof SourceApiError) return new SourceNotReadable(`${name}: ${error.message}`, error.retryAfterMs);
  return error;
}

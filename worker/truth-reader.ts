import { fetchThrough } from '../acronis/index.js';
import { TruthUnread, type ChangeOf, type Truth } from '../activities/index.js';
import type { InputProblem } from '../contract/errors.js';
import { WatchedFile } from '../settings/watched-file.js';
import { openApi } from '../sources/api/http.js';
import { sourceApis } from '../sources/api/index.js';
import { SourceApiError, type Ask, type SourceApi } from '../sources/api/source-api.js';
import { findingsOf } from '../sources/findings.js';
import { UnreadableDelivery, type Reading } from '../sources/kind.js';
import { readSources, type Source } from '../sources/sources-file.js';
import type { Logger } from '../telemetry/log.js';

/** A source whose API can be called. */
interface ReadableSource extends Source {
  api: SourceApi;
  address: string;
  headers: Record<string, string>;
}

interface Sources {
  known: string[];
  readable: Record<string, ReadableSource>;
}

interface Parts {
  sourcesFile: string | undefined;
  /** The proxy towards an address; undefined for a direct way. */
  proxyFor(address: string): string | undefined;
  readSecret(reference: string): Promise<string>;
  log: Logger;
}

/** Asks the senders how things are, by `sources.json` and its keys as they are now. */
export class TruthReader {
  /** Until when a sender wants no call, by source. Milliseconds since 1970. */
  private readonly pauses = new Map<string, number>();
  /** One for each proxy: it keeps connections. */
  private readonly fetches = new Map<string | undefined, typeof fetch>();

  constructor(
    private readonly file: Pick<WatchedFile<Sources>, 'current' | 'close'>,
    private readonly proxyFor: Parts['proxyFor'],
  ) {}

  /**
   * What a sender says of an object that has changed. A notice, where it has no such object: that is no end. Rejects with
   * `TruthUnread` while it cannot be asked.
   */
  async read({ source: name, object, event }: ChangeOf, signal: AbortSignal): Promise<Truth> {
    const source = this.find(name);
    const { api, reference, timezone, cloud } = source;
    const context = {
      ...source,
      name,
      reference,
      timezone,
      now: new Date(),
      event: { ...event, live: source.mode === 'live' },
    };
    try {
      return truthOf(await api.read(object, this.ask(name, source, signal), context), source);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof UnreadableDelivery) throw new TruthUnread(`${name}: ${error.message}`);
      if (!(error instanceof SourceApiError)) throw error;
      if (error.kind !== 'gone') throw new TruthUnread(`${name}: ${error.message}`, error.retryAfterMs);
      const gone = `${name} has no ${object.type} ${object.id} any more. Nothing is ended by that: a person must decide`;
      return { facts: [], cloud, notices: [gone], ignored: [] };
    }
  }

  close(): void {
    this.file.close();
  }

  private find(name: string): ReadableSource {
    const { known, readable } = this.file.current;
    const source = Object.hasOwn(readable, name) ? readable[name] : undefined;
    if (source !== undefined) return source;
    const why = known.includes(name)
      ? 'has no apiKey for an API that is read'
      : 'is not in the sources.json of this worker';
    throw new TruthUnread(`the source ${name} ${why}`);
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

function truthOf(readings: readonly Reading[], { mode, cloud }: Source): Truth {
  const { facts, notices, reasons, problems } = findingsOf(readings, { mode });
  const unusable = problems.map(({ path, message }) => `it cannot be used: ${path} ${message}`);
  const ignored = reasons.filter((one) => !notices.includes(one));
  return { facts, cloud, notices: [...notices, ...unusable], ignored };
}

/**
 * Undefined when the worker has no sources. Reads the keys of their APIs again every few seconds. Fails as `refused`,
 * with every problem, when a file or a key cannot be used now.
 */
export async function openTruthReader({
  sourcesFile,
  readSecret,
  proxyFor,
  log,
}: Parts): Promise<TruthReader | undefined> {
  if (sourcesFile === undefined) return undefined;
  const file = await WatchedFile.open({
    path: sourcesFile,
    name: 'sources',
    report: (level, message) => log[level](message),
    read: async (value) => await resolve(value, readSecret),
  });
  return new TruthReader(file, proxyFor);
}

async function resolve(
  value: unknown,
  readSecret: Parts['readSecret'],
): Promise<Sources | { problems: InputProblem[] }> {
  const read = readSources(value);
  if ('problems' in read) return read;
  const problems: InputProblem[] = [];
  const readable: Sources['readable'] = {};
  for (const [name, source] of Object.entries(read.sources)) {
    const api = sourceApis[source.kind];
    if (source.apiKey === undefined || api === undefined) continue;
    const key = await readSecret(source.apiKey).catch((error: unknown) => error as Error);
    const problem = key instanceof Error ? key.message : api.keyProblem?.(key);
    if (problem !== undefined) problems.push({ path: `${name}.apiKey`, message: problem });
    else {
      const address = source.apiUrl ?? api.address!;
      readable[name] = { ...source, api, address, headers: api.headers(key as string, source) };
    }
  }
  return problems.length > 0 ? { problems } : { known: Object.keys(read.sources), readable };
}

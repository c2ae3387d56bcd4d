import { eventNamedIn, readFact } from '../catalogue/facts.js';
import type { Messenger } from '../activities/index.js';
import type { FactReading, MappedFact } from '../contract/customers.js';
import type { Fact } from '../contract/facts.js';
import { mapFact } from '../sales-plans/mapping.js';
import { readPlans, type SalesPlans } from '../sales-plans/plans-file.js';
import { WatchedFile } from '../settings/watched-file.js';
import { sourceApis } from '../sources/api/index.js';
import { readSources, type Sources } from '../sources/sources-file.js';
import type { Logger } from '../telemetry/log.js';
import { UnknownSources } from './unknown-sources.js';

interface EventFiles {
  sourcesFile: string | undefined;
  plansFile: string | undefined;
}

/** Reads facts by `sources.json` and `plans.json` as they are now. */
export class FactReader {
  constructor(
    private readonly sources: WatchedFile<Sources>,
    private readonly plans: WatchedFile<SalesPlans>,
    private readonly unknown?: UnknownSources,
  ) {}

  /** One reading for each fact, in order. What is no fact, or of no source, is refused. */
  read(facts: readonly unknown[]): FactReading[] {
    return facts.map((given) => {
      const fact = readFact(given);
      if (fact === undefined) return { refused: 'it is no fact', ...eventNamedIn(given) };
      const { source, event } = fact;
      const mapped = this.map(fact);
      if (mapped !== undefined) return { mapped };
      this.unknown?.saw(source);
      return { refused: `there is no source ${source}`, mayBeKnownSoon: true, source, event };
    });
  }

  close(): void {
    this.sources.close();
    this.plans.close();
  }

  private map(fact: Fact): MappedFact | undefined {
    const sources = this.sources.current;
    const source = Object.hasOwn(sources, fact.source) ? sources[fact.source] : undefined;
    if (source !== undefined) this.unknown?.knows(fact.source);
    const api = source?.apiKey === undefined ? undefined : sourceApis[source.kind];
    return source && { ...mapFact(this.plans.current, source, fact), ...(api && { readAs: api.subscriptionType }) };
  }
}

/** Undefined when the worker has not both files. Fails as `refused` when one cannot be used. */
export async function openFactReader(
  { sourcesFile, plansFile }: EventFiles,
  { log, messengers }: { log: Logger; messengers: readonly Messenger[] },
): Promise<FactReader | undefined> {
  if (sourcesFile === undefined || plansFile === undefined) {
    const [set, missing] = sourcesFile === undefined ? ['PLANS', 'SOURCES'] : ['SOURCES', 'PLANS'];
    if (sourcesFile !== plansFile)
      log.warn(`TENANTRY_${set} is set and TENANTRY_${missing} is not: this worker reads no facts of customers`);
    return undefined;
  }
  const report = (level: 'info' | 'error', message: string) => log[level](message);
  const sources = await WatchedFile.open({
    path: sourcesFile,
    name: 'sources',
    report,
    read: (value) => {
      const read = readSources(value);
      return 'sources' in read ? read.sources : read;
    },
  });
  const plans = await WatchedFile.open({ path: plansFile, name: 'plans', report, read: readPlans });
  return new FactReader(sources, plans, new UnknownSources(messengers, log));
}

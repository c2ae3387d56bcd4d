import { eventNamedIn, readFact } from '../catalogue/facts.js';
import type { Messenger } from '../activities/index.js';
import type { FactReading, MappedFact } from '../contract/customers.js';
import type { Fact } from '../contract/facts.js';
import type { PlanTerms } from '../contract/sales-plans.js';
import { mapFact, termsFor } from '../sales-plans/mapping.js';
import { readPlans, type SalesPlans } from '../sales-plans/plans-file.js';
import { WatchedFile } from '../settings/watched-file.js';
import { sourceApis } from '../sources/api/index.js';
import type { Logger } from '../telemetry/log.js';
import type { KnownSources } from './known-sources.js';
import { UnknownSources } from './unknown-sources.js';

/** Reads facts by `sources.json` and `plans.json` as they are now. */
export class FactReader {
  constructor(
    private readonly sources: Pick<WatchedFile<KnownSources>, 'current'>,
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

  /** What a plan means for what a source sells; undefined without that plan or that source. */
  terms({ source: name, plan }: { source: string; plan: string }): PlanTerms | undefined {
    const { sources } = this.sources.current;
    const { plans } = this.plans.current;
    if (!Object.hasOwn(sources, name) || !Object.hasOwn(plans, plan)) return undefined;
    return termsFor(plans[plan]!, sources[name]!);
  }

  close(): void {
    this.plans.close();
  }

  private map(fact: Fact): MappedFact | undefined {
    const { sources } = this.sources.current;
    const source = Object.hasOwn(sources, fact.source) ? sources[fact.source] : undefined;
    if (source !== undefined) this.unknown?.knows(fact.source);
    const api = source?.apiKey === undefined ? undefined : sourceApis[source.kind];
    return source && { ...mapFact(this.plans.current, source, fact), ...(api && { readAs: api.subscriptionType }) };
  }
}

/** Undefined unless the worker has both files. Fails as `refused` when `plans.json` cannot be used. */
export async function openFactReader(
  sources: WatchedFile<KnownSources> | undefined,
  plansFile: string | undefined,
  { log, messengers }: { log: Logger; messengers: readonly Messenger[] },
): Promise<FactReader | undefined> {
  if (sources !== undefined && plansFile !== undefined) {
    const report = (level: 'info' | 'error', message: string) => log[level](message);
    const plans = await WatchedFile.open({
      path: plansFile,
      name: 'plans',
      setting: 'TENANTRY_PLANS',
      report,
      read: readPlans,
    });
    return new FactReader(sources, plans, new UnknownSources(messengers, log));
  }
  const [set, missing] = sources === undefined ? ['PLANS', 'SOURCES'] : ['SOURCES', 'PLANS'];
  if (sources !== undefined || plansFile !== undefined)
    log.warn(`TENANTRY_${set} is set and TENANTRY_${missing} is not: this worker reads no facts of customers`);
  return undefined;
}

import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { brakeStatus } from '../brake.js';
import { cloudsOf, listCustomers } from '../customer-list.js';
import { calendarOf, type CalendarItem } from './calendar.js';
import { changesOf, isPlace, placeOf, type Change, type ChangeFacts } from './changes.js';
import { CustomerReader, type ReadCustomers } from './customer-reader.js';
import { readOffboardings } from './open-offboardings.js';
import { readRecentRuns } from './recent-runs.js';
import {
  calendarIn,
  customersOfChanges,
  mismatchesInPart,
  missingInPart,
  tenantsInPart,
  withSeenParents,
  type SeenPart,
} from './seen-part.js';
import { mismatchesIn, type Mismatch } from './reconcile.js';
import { healthOf, type ConfiguredSource, type Sightings, type SourceHealth, type Syncs } from './source-health.js';
import { syncsOf } from './syncs.js';
import { TenantLister } from './tenant-lister.js';

/** An answer from many places. Nothing is invented: `missing` says in sentences what is not in it, and why. */
export interface Overview<Item> {
  items: Item[];
  missing: string[];
}

export interface Reconciliation extends Overview<Mismatch> {
  /** What this product cannot compare, whoever asks, in sentences. */
  notCompared: readonly string[];
}

export interface Limits {
  /** How long one part of an answer may take, in milliseconds; as long as it needs unless given. */
  withinMs?: number;
  /** How long the status of a customer counts. */
  keepMs?: number;
  /** How long a list of tenants counts. */
  keepTenantsMs?: number;
  onRead?: (done: number, all: number) => void;
}

export interface ChangesPage {
  since: Date;
  limit: number;
  /** The `next` of the page before. */
  after?: string | undefined;
}

/** No usage is recorded, so nothing is compared with it. */
const NOT_COMPARED = [
  'What is used: no worker records it. Where a quota was not lowered because more is used, "why" says so.',
];
const DAY_MS = 86_400_000;

/**
 * What an operator looks at in the morning. The gateway and the command line both ask here, and each answer is worked out
 * by a pure function. Nothing is changed. With a `part`, an answer is about the tenants in it only, and says so in `missing`.
 */
export class Overviews {
  private readonly customers: CustomerReader;
  private readonly tenants: TenantLister;

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
    private readonly limits: Limits = {},
  ) {
    const { keepTenantsMs, withinMs, ...reading } = limits;
    const within = withinMs === undefined ? {} : { withinMs };
    this.customers = new CustomerReader(client, taskQueue, { ...reading, ...within });
    this.tenants = new TenantLister(client, taskQueue, {
      ...within,
      ...(keepTenantsMs !== undefined && { keepMs: keepTenantsMs }),
    });
  }

  /** The next answer asks this customer again: somebody has just changed it. */
  renew(customerId: string): void {
    this.customers.renew(customerId);
  }

  /** The customers whose status is known within so many milliseconds. */
  async knownWithin(ms: number): Promise<Pick<ReadCustomers, 'known' | 'missing'>> {
    return await this.customers.readWithin(ms);
  }

  /** What comes in the next days: suspensions, deletions, ends, questions; soonest first. */
  async calendar(days: number, part?: SeenPart): Promise<Overview<CalendarItem>> {
    const [read, open] = await Promise.all([
      this.customers.read(),
      readOffboardings(this.client, this.taskQueue, this.limits),
    ]);
    const now = Date.now();
    const items = calendarOf({ customers: read.known, ...open }, { now, until: now + days * DAY_MS });
    const missing = [...read.missing, ...open.missing];
    if (part === undefined) return { items, missing };
    return { items: await calendarIn(part, items), missing: missingInPart(missing) };
  }

  /** Where what is sold and what is there do not agree. A worker lists the tenants of each cloud. */
  async reconcile(part?: SeenPart): Promise<Reconciliation> {
    // in this order: a tenant that is made meanwhile has its customer by then
    const { clouds, missing } = await this.tenants.list(cloudsOf(await listCustomers(this.client, {})));
    const read = await this.customers.read();
    const items = mismatchesIn({
      customers: read.known.map(({ status }) => status),
      taken: takenTenants(read),
      // who is not listed may have any tenant
      clouds: read.isCut ? [] : part === undefined ? clouds : tenantsInPart(part, clouds),
    });
    const all = [...read.missing, ...missing];
    if (part === undefined) return { items, missing: all, notCompared: NOT_COMPARED };
    const seen = await mismatchesInPart(part, items);
    return { items: seen, missing: missingInPart(all), notCompared: NOT_COMPARED };
  }

  /** How each source is; `sightings`: what this gateway has seen of it, where there is one. */
  async sources(
    sources: readonly ConfiguredSource[],
    sightings: (name: string) => Sightings | undefined = () => undefined,
  ): Promise<Overview<SourceHealth>> {
    const read = await this.readOrSay();
    const isPartial = read.missing.length > 0;
    const items = await Promise.all(
      sources.map(async (source) => {
        const syncs: Syncs | undefined = source.isListed ? await syncsOf(this.client, source.name) : undefined;
        const customers = read.known.map(({ status }) => status);
        return healthOf({ source, customers, isPartial, sightings: sightings(source.name), syncs }, Date.now());
      }),
    );
    return { items, missing: read.missing };
  }

  /** What was done since a time, newest first; at most `limit`, after the place of the page before. */
  async changes({ since, limit, after }: ChangesPage, part?: SeenPart): Promise<Overview<Change> & { next?: string }> {
    if (after !== undefined && !isPlace(after))
      throw new TenantryError('refused', 'after: must be the "next" of the page before');
    const { facts, missing } = await this.changeFacts(since, part);
    const all = changesOf(facts, since.toISOString());
    const rest = after === undefined ? all : all.filter((one) => placeOf(one) < after);
    const items = rest.slice(0, limit);
    return {
      items,
      missing,
      ...(items.length < rest.length && { next: placeOf(items.at(-1)!) }),
    };
  }

  /** What changes are made of. What people say to the brake concerns a whole cloud, so it is not in a part. */
  private async changeFacts(since: Date, part?: SeenPart): Promise<{ facts: ChangeFacts; missing: string[] }> {
    const [recent, read] = await Promise.all([
      readRecentRuns(this.client, this.taskQueue, { since, withinMs: this.limits.withinMs, part }),
      this.readOrSay(),
    ]);
    if (part !== undefined) {
      const customers = await customersOfChanges(part, { customers: read.known, runs: recent.runs, since });
      const facts = { runs: withSeenParents(recent.runs, customers), customers, brakes: [] };
      return { facts, missing: [...missingInPart(read.missing), ...recent.missing] };
    }
    const brakes = await this.brakesOf(cloudsOf(read.listed));
    const facts = { runs: recent.runs, customers: read.known, brakes: brakes.known };
    return { facts, missing: [...recent.missing, ...read.missing, ...brakes.missing] };
  }

  /** Where the customers are only a part of the answer: without a worker the rest is still known. */
  private async readOrSay(): Promise<ReadCustomers> {
    try {
      return await this.customers.read();
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      return { listed: [], known: [], missing: [`No customer could be asked: ${error.message}`], isCut: false };
    }
  }

  private async brakesOf(clouds: readonly string[]): Promise<{ known: ChangeFacts['brakes']; missing: string[] }> {
    const missing: string[] = [];
    const all = await Promise.all(
      clouds.map(async (cloud) => {
        try {
          const status = await brakeStatus(this.client, cloud, this.taskQueue);
          return status === undefined ? [] : [{ cloud, decisions: status.decisions }];
        } catch (error) {
          if (!(error instanceof TenantryError)) throw error;
          missing.push(`What people have decided at the brake of ${cloud} is not known: ${error.message}`);
          return [];
        }
      }),
    );
    return { known: all.flat(), missing };
  }
}

/** Temporal's list is some moments late; a customer that has answered is not. */
function takenTenants({ listed, known }: ReadCustomers): Set<string> {
  const ids = [...listed.map(({ tenantId }) => tenantId), ...known.map(({ status }) => status.tenantId)];
  return new Set(ids.flatMap((id) => id?.toLowerCase() ?? []));
}

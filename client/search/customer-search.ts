import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { cloudsOf, fitting, listCustomers, type ListedCustomer } from '../customer-list.js';
import type { KnownCustomer, KnownStatus } from '../overview/known-customer.js';
import { CloudSearch, SHORTEST_TEXT, type AskCloud, type CloudMatches } from './cloud-matches.js';

export interface FoundCustomers {
  /** Newest first. */
  items: ListedCustomer[];
  /** Where nobody could look, and why: sentences. */
  missing: string[];
}

export interface SearchParts {
  client: Client;
  /** The customers whose status is known within so many milliseconds. */
  knownWithin(ms: number): Promise<{ known: readonly KnownCustomer[]; missing: readonly string[] }>;
  askCloud: AskCloud;
  /** How long somebody waits for customers and clouds, in milliseconds. */
  withinMs: number;
}

/**
 * Finds customers by a part of the name, reference, tenant id, subscription or contact, by a subscription as `<source>/<id>`,
 * and by what the cloud's own search finds: names of tenants and logins of users. Temporal's list is always looked through;
 * `missing` says what else could not be asked. Changes nothing.
 */
export class CustomerSearch {
  private readonly clouds: CloudSearch;

  constructor(private readonly parts: SearchParts) {
    this.clouds = new CloudSearch(parts.askCloud);
  }

  async find({ search, state }: { search: string; state?: string | undefined }): Promise<FoundCustomers> {
    const { client, knownWithin, withinMs } = this.parts;
    const text = search.trim();
    const listed = await listCustomers(client, { state });
    const [fits, { known, missing }, clouds] = await Promise.all([
      fitting(client, text),
      knownWithin(withinMs),
      this.inClouds(cloudsOf(listed), text),
    ]);
    const byId = new Map(known.map((one) => [one.id, one.status]));
    const items = listed
      .filter((one) => fits(one) || fitsStatus(byId.get(one.id), text) || isMatch(clouds.get(one.cloud), one))
      .map((one) => withName(one, byId.get(one.id)));
    const ofClouds = [...clouds.values()].flatMap((one) => one.missing ?? []);
    return { items, missing: [...missing, ...ofClouds] };
  }

  private async inClouds(clouds: readonly string[], text: string): Promise<Map<string, CloudMatches>> {
    const found = await Promise.all(clouds.map(async (cloud) => [cloud, await this.inCloud(cloud, text)] as const));
    return new Map(found);
  }

  /** A cloud that is slow is not waited for; its answer counts for the next search. */
  private async inCloud(cloud: string, text: string): Promise<CloudMatches> {
    const nobody = { tenantIds: new Set<string>() };
    if (text.length < SHORTEST_TEXT)
      return { ...nobody, missing: `The cloud ${cloud} is searched for no less than ${SHORTEST_TEXT} characters.` };
    const inTime = new AbortController();
    const late = sleep(this.parts.withinMs, undefined, { signal: inTime.signal, ref: false }).catch(() => undefined);
    const asking = this.clouds.find(cloud, text);
    const found = await Promise.race([asking, late]).finally(() => inTime.abort());
    return found ?? { ...nobody, missing: `The cloud ${cloud} has not answered yet; the next call knows more.` };
  }
}

function fitsStatus(status: KnownStatus | undefined, text: string): boolean {
  if (status === undefined) return false;
  const part = folded(text);
  return wordsOf(status).some((word) => word !== undefined && folded(word).includes(part));
}

/** What people may call a customer by. */
function wordsOf({ ref, tenantId, wanted, applied, subscriptions }: KnownStatus): (string | undefined)[] {
  const states = [wanted, applied].flatMap((one) => one ?? []);
  const contacts = states.flatMap(({ contact }) => contact ?? []);
  return [
    ref,
    tenantId,
    ...states.map(({ name }) => name),
    ...contacts.flatMap(({ email, firstName = '', lastName = '' }) => [email, `${firstName} ${lastName}`.trim()]),
    ...subscriptions.map((one) => `${one.source}/${one.ref}`),
  ];
}

/** Capital and small letters are the same, and so are the two ways to write an accent. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

function isMatch(found: CloudMatches | undefined, { tenantId }: ListedCustomer): boolean {
  return tenantId !== undefined && found?.tenantIds.has(tenantId.toLowerCase()) === true;
}

/** The list of Temporal has no names, and no reference that is an e-mail address. */
function withName(listed: ListedCustomer, status: KnownStatus | undefined): ListedCustomer {
  const name = status?.applied?.name ?? status?.wanted.name;
  return { ...listed, ...(status && { ref: status.ref }), ...(name !== undefined && { name }) };
}

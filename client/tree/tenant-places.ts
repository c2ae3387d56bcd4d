import type { NamedTenant } from '../../catalogue/tenant-of-order.js';
import { MOST_IDS } from '../../catalogue/look-ups.js';
import { TenantryError } from '../../contract/errors.js';
import { nameKey } from '../../contract/names.js';
import type { LookUpPage, LookUpRow } from '../../contract/questions.js';
import { Kept } from './kept.js';

/** Where a tenant lies. Ids are in small letters. */
export interface TenantPlace {
  id: string;
  name: string;
  customerId: string | null;
  /** The tenants above it, our root first. */
  parentIds: readonly string[];
}

/** Asks a worker for the look-up `path`. */
export type AskPath = (query: Readonly<Record<string, string>>) => Promise<LookUpPage>;

/** How long an answer counts, in milliseconds. */
const KEPT_MS = 60_000;
/** A tenant that was made just now may not be shown yet. */
const ABSENT_MS = 10_000;
/** So many questions are asked at a time. */
const AT_ONCE = 4;
/** So many answers are kept. */
const MOST_KEPT = 10_000;

/**
 * Where tenants lie, as a worker says it: whoever asks has no credentials of a cloud. An answer counts for a minute. A
 * tenant that the cloud does not show at or below our root has no place. Fails as `unavailable` when no worker or no cloud
 * answers.
 */
export class TenantPlaces {
  private readonly places: Kept<TenantPlace>;

  constructor(
    private readonly ask: AskPath,
    now: () => number = () => performance.now(),
  ) {
    this.places = new Kept({ forMs: KEPT_MS, absentForMs: ABSENT_MS, most: MOST_KEPT, now });
  }

  /** Those of these tenants that have a place, by their ids in small letters. */
  async ofIds(cloud: string, ids: readonly string[]): Promise<Map<string, TenantPlace>> {
    const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
    const nameOf = (id: string) => JSON.stringify([cloud, 'id', id]);
    const unknown = wanted.filter((id) => !this.places.has(nameOf(id)));
    for (let from = 0; from < unknown.length; from += MOST_IDS) {
      const some = unknown.slice(from, from + MOST_IDS);
      const answer = this.read({ cloud, ids: some.join(',') });
      for (const id of some)
        this.places.keep(
          nameOf(id),
          answer.then(byId).then((found) => found.get(id)),
        );
      // so many questions at a time have a place in a gateway
      if ((from / MOST_IDS) % AT_ONCE === AT_ONCE - 1) await answer.catch(() => undefined);
    }
    const places = await Promise.all(wanted.map(async (id) => await this.places.get(nameOf(id))));
    return new Map(places.flatMap((place) => (place === undefined ? [] : [[place.id, place]])));
  }

  /** The tenant that an order names. A name or a customer id must fit one tenant only. */
  async ofNamed(cloud: string, tenant: NamedTenant): Promise<TenantPlace | undefined> {
    if (tenant === 'own') return await this.ofText(cloud, undefined);
    if ('id' in tenant) return (await this.ofIds(cloud, [tenant.id])).get(tenant.id.toLowerCase());
    const [field, text] =
      'name' in tenant ? (['name', tenant.name] as const) : (['customerId', tenant.customerId] as const);
    const place = await this.ofText(cloud, text);
    // the look-up also takes an id, and the other of the two
    return place !== undefined && nameKey(place[field] ?? '') === nameKey(text) ? place : undefined;
  }

  /** The one tenant with this id, exact name or customer id; our root without a text. */
  async ofText(cloud: string, text: string | undefined): Promise<TenantPlace | undefined> {
    const name = JSON.stringify([cloud, 'text', text ?? null]);
    if (!this.places.has(name)) {
      const answer = this.read({ cloud, ...(text !== undefined && { tenant: text }) });
      this.places.keep(
        name,
        answer.then(([only]) => only),
      );
    }
    return await this.places.get(name);
  }

  private async read(query: Readonly<Record<string, string>>): Promise<TenantPlace[]> {
    try {
      return (await this.ask(query)).rows.map(toPlace);
    } catch (error) {
      if (!(error instanceof TenantryError) || error.kind !== 'refused') throw error;
      // no such cloud, and none or several of that name
      if (error.problems.some(({ path }) => path === 'cloud' || path === 'tenant')) return [];
      throw new TenantryError('unavailable', `Where tenants lie is not known now: ${error.message}`);
    }
  }
}

function byId(places: readonly TenantPlace[]): Map<string, TenantPlace> {
  return new Map(places.map((place) => [place.id, place]));
}

function toPlace({ id, name, customerId, parentIds }: LookUpRow): TenantPlace {
  return {
    id: String(id).toLowerCase(),
    name: String(name),
    customerId: typeof customerId === 'string' ? customerId : null,
    parentIds: Array.isArray(parentIds) ? parentIds.map((one) => String(one).toLowerCase()) : [],
  };
}

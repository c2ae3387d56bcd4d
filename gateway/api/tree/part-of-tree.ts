import { WorkflowNotFoundError, type Client, type WorkflowExecutionDescription } from '@temporalio/client';
import { catalogue } from '../../../catalogue/index.js';
import { customerWorkflowId } from '../../../catalogue/customer-id.js';
import type { NamedTenant } from '../../../catalogue/tenant-of-order.js';
import type { CustomerName } from '../../../client/customers.js';
import { toListedRun } from '../../../client/list.js';
import type { SeenPart } from '../../../client/overview/seen-part.js';
import type { RunOfTenant, RunTenants } from '../../../client/tree/run-tenants.js';
import type { TenantPlace, TenantPlaces } from '../../../client/tree/tenant-places.js';
import { CUSTOMER_WORKFLOW } from '../../../contract/customers.js';
import { DEFAULT_CLOUD } from '../../../contract/ids.js';
import { acronisTenantId } from '../../../contract/search-attributes.js';
import type { ApiKey } from '../../../settings/api-keys.js';
import { describeRun } from '../../../vault/list-runs.js';
import { toText } from '../access.js';
import { Problem } from '../problem.js';

/** What it takes to know where tenants lie, and which tenants runs are about. */
export interface TreeParts {
  client: Client;
  places: TenantPlaces;
  runTenants: RunTenants;
}

/** A tenant by its id, in a cloud. */
interface Spot {
  cloud: string;
  tenant: NamedTenant;
}

/** The part of the tenant tree to which a key is limited; undefined for a key without such a limit. */
export function partOf(parts: TreeParts, { name, below }: ApiKey): PartOfTree | undefined {
  return below === undefined ? undefined : new PartOfTree(parts, name, below);
}

/** The same, of a key that may see something of it. Fails as 403 when no cloud shows these tenants. */
export async function checkedPart(parts: TreeParts, key: ApiKey): Promise<PartOfTree | undefined> {
  const part = partOf(parts, key);
  await part?.check();
  return part;
}

/**
 * What a key sees that is limited to a part of the tenant tree. What cannot be placed is not seen. Everything here fails as
 * 503 while nobody can say where tenants lie.
 */
export class PartOfTree implements SeenPart {
  constructor(
    private readonly parts: TreeParts,
    private readonly keyName: string,
    private readonly below: NonNullable<ApiKey['below']>,
  ) {}

  /** The one tenant to which the key is limited in a cloud; undefined when there are none or several. */
  only(cloud: string): string | undefined {
    const here = this.topsIn(cloud);
    return here.length === 1 ? here[0] : undefined;
  }

  topsIn(cloud: string): string[] {
    return this.below.filter((one) => one.cloud === cloud).map(({ tenantId }) => tenantId.toLowerCase());
  }

  /** Fails as 403 when no cloud shows a tenant to which the key is limited. */
  async check(): Promise<void> {
    const clouds = [...new Set(this.below.map(({ cloud }) => cloud))];
    const found = await Promise.all(
      clouds.map(async (cloud) => await this.parts.places.ofIds(cloud, this.topsIn(cloud))),
    );
    if (found.some(({ size }) => size > 0)) return;
    const remedy = 'No cloud shows that tenant: make a key with another --below.';
    throw new Problem(403, 'Forbidden', `The key ${this.keyName} is limited to ${toText(this.below)}. ${remedy}`);
  }

  /** Fails as 404, as for a run that does not exist, when the run is not about a tenant in this part. */
  async checkRun(id: string): Promise<void> {
    await this.check();
    if (!(await this.seesRun(id))) throw this.notSeen(`There is no run ${id}`);
  }

  /** The same for a customer. */
  async checkCustomer(name: CustomerName): Promise<void> {
    await this.check();
    if (!(await this.seesCustomer(name))) throw this.notSeen(`There is no customer ${name.ref}`);
  }

  async seesRun(id: string): Promise<boolean> {
    const run = await describeIfThere(this.parts.client, id);
    return run !== undefined && (await this.runsIn([toListedRun(run)])).length === 1;
  }

  async seesCustomer({ ref, cloud = DEFAULT_CLOUD }: CustomerName): Promise<boolean> {
    const run = await describeIfThere(this.parts.client, customerWorkflowId(ref, cloud));
    const id = run?.type === CUSTOMER_WORKFLOW ? run.typedSearchAttributes.get(acronisTenantId) : undefined;
    return id !== undefined && (await this.placeOf({ cloud, tenant: { id } })) !== undefined;
  }

  /** Those of these runs that are about a tenant in this part. */
  async runsIn<Run extends RunOfTenant>(runs: readonly Run[]): Promise<Run[]> {
    const known = runs.filter(({ operation }) => Object.hasOwn(catalogue, operation));
    const tenants = await this.parts.runTenants.of(known);
    return await this.within(known.map((run, at) => [run, tenants[at]]));
  }

  /** Those of these customers whose tenant is in this part. */
  async customersIn<Customer extends { cloud: string; tenantId?: string }>(
    customers: readonly Customer[],
  ): Promise<Customer[]> {
    return await this.within(
      customers.map((one) => [one, one.tenantId === undefined ? undefined : { ...one, tenant: { id: one.tenantId } }]),
    );
  }

  /** Where a tenant lies; undefined unless it is in this part. */
  async placeOf({ cloud, tenant }: Spot): Promise<TenantPlace | undefined> {
    if (this.topsIn(cloud).length === 0) return undefined;
    return this.ifIn(cloud, await this.parts.places.ofNamed(cloud, tenant));
  }

  /** The same of a tenant that people name by its id, its exact name or its customer id. */
  async placeOfText(cloud: string, text: string): Promise<TenantPlace | undefined> {
    if (this.topsIn(cloud).length === 0) return undefined;
    return this.ifIn(cloud, await this.parts.places.ofText(cloud, text));
  }

  /** What the key may not do, and why. */
  forbidden(what: string, problems: Problem['errors'] = []): Problem {
    const limit = `The key ${this.keyName} is limited to ${toText(this.below)}`;
    return new Problem(403, 'Forbidden', `${limit}: ${what}.`, problems);
  }

  private notSeen(what: string): Problem {
    const limit = `that the key ${this.keyName} may see: it is limited to ${toText(this.below)}`;
    return new Problem(404, 'NotFound', `${what} ${limit}. What has no known tenant yet is not shown to it.`);
  }

  /** One question for all that are named by id. */
  private async within<One>(all: readonly (readonly [one: One, spot: Spot | undefined])[]): Promise<One[]> {
    for (const cloud of new Set(this.below.map((one) => one.cloud))) {
      const ids = all.flatMap(([, spot]) =>
        spot?.cloud === cloud && typeof spot.tenant === 'object' && 'id' in spot.tenant ? [spot.tenant.id] : [],
      );
      await this.parts.places.ofIds(cloud, ids);
    }
    const seen: One[] = [];
    for (const [one, spot] of all) if (spot !== undefined && (await this.placeOf(spot)) !== undefined) seen.push(one);
    return seen;
  }

  private ifIn(cloud: string, place: TenantPlace | undefined): TenantPlace | undefined {
    const tops = this.topsIn(cloud);
    const line = place === undefined ? [] : [...place.parentIds, place.id];
    return line.some((id) => tops.includes(id)) ? place : undefined;
  }
}

/** The last run of this id; undefined when there is none. */
export async function describeIfThere(client: Client, id: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await describeRun(client, id);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return undefined;
  }
}

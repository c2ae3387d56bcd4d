import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { listTenants } from '../adoption/tenant-list.js';
import type { TenantsOfCloud } from './reconcile.js';

interface Kept {
  at: number;
  tenants: Promise<TenantsOfCloud['tenants']>;
}

/**
 * Lists the tenants of clouds: a worker does, because only it has the credentials. A list is kept for a while, so that
 * whoever asks often does not load the cloud; two that are asked for at the same time are one.
 */
export class TenantLister {
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
    private readonly options: { withinMs?: number; keepMs?: number } = {},
  ) {}

  /** The clouds that can be listed, and why the others cannot. Changes nothing. */
  async list(clouds: readonly string[]): Promise<{ clouds: TenantsOfCloud[]; missing: string[] }> {
    const all = await Promise.all(clouds.map(async (cloud) => await this.listOne(cloud)));
    return {
      clouds: all.flatMap((one) => ('tenants' in one ? [one] : [])),
      missing: all.flatMap((one) => ('why' in one ? [one.why] : [])),
    };
  }

  private async listOne(cloud: string): Promise<TenantsOfCloud | { why: string }> {
    const { withinMs } = this.options;
    try {
      const listing = this.listingOf(cloud);
      const tenants = withinMs === undefined ? await listing : await Promise.race([listing, over(withinMs)]);
      if (tenants !== undefined) return { cloud, tenants };
      return { why: `The tenants of the cloud ${cloud} are still being listed: ask again in a moment.` };
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      return { why: error.message };
    }
  }

  private listingOf(cloud: string): Promise<TenantsOfCloud['tenants']> {
    const { keepMs = 0 } = this.options;
    const kept = this.kept.get(cloud);
    if (kept !== undefined && Date.now() - kept.at < keepMs) return kept.tenants;
    const { client, taskQueue } = this;
    const tenants = listTenants(client, { cloud, taskQueue, onPage: () => undefined });
    this.kept.set(cloud, { at: Date.now(), tenants });
    // who waits hears of it; nobody gets it again
    tenants.catch(() => this.kept.delete(cloud));
    return tenants;
  }
}

async function over(ms: number): Promise<undefined> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

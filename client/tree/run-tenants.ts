import { isGrpcServiceError, type Client } from '@temporalio/client';
import { catalogue } from '../../catalogue/index.js';
import { cloudOf } from '../../catalogue/input.js';
import { tenantOfOrder, type NamedTenant, type TenantOfOrder } from '../../catalogue/tenant-of-order.js';
import { TenantryError } from '../../contract/errors.js';
import { startInput } from '../../vault/index.js';
import { inBatches } from '../batches.js';
import { currentInput } from '../inputs.js';
import type { ListedRun } from '../list.js';
import { Kept } from './kept.js';

/** The tenant that a run is about. */
export interface RunTenant {
  cloud: string;
  tenant: NamedTenant;
}

export type RunOfTenant = Pick<ListedRun, 'id' | 'runId' | 'operation'> & { tenantId?: string | undefined };

/** What an input says. */
interface Said {
  cloud: string;
  named: TenantOfOrder | undefined;
}

/** The input of a start never changes; it is forgotten only to bound the memory. */
const START_MS = 3_600_000;
/** An amendment can name another parent. */
const AMENDED_MS = 10_000;
const MOST_KEPT = 5000;
const NOT_FOUND = 5;

/**
 * Which tenants runs are about, from Temporal alone. A run that does not know its tenant yet is about the one that its
 * input names: for a run that makes one, the tenant above it.
 */
export class RunTenants {
  private readonly starts: Kept<Said>;
  private readonly amended: Kept<Said>;

  constructor(
    private readonly client: Client,
    now: () => number = () => performance.now(),
  ) {
    const options = { most: MOST_KEPT, absentForMs: AMENDED_MS, now };
    this.starts = new Kept({ ...options, forMs: START_MS });
    this.amended = new Kept({ ...options, forMs: AMENDED_MS });
  }

  /** In the same order; undefined for a run whose tenant cannot be known: its input cannot be read here, or names none. */
  async of(runs: readonly RunOfTenant[]): Promise<(RunTenant | undefined)[]> {
    return await inBatches(runs, async (run) => await this.ofOne(run));
  }

  private async ofOne(run: RunOfTenant): Promise<RunTenant | undefined> {
    const start = await reading(this.starts, run.runId, async () => await this.atStart(run));
    if (start === undefined) return undefined;
    const { cloud } = start;
    if (run.tenantId !== undefined) return { cloud, tenant: { id: run.tenantId } };
    const said = start.named?.makesOne ? await this.now(run) : start;
    return said?.named === undefined ? undefined : { cloud, tenant: said.named.tenant };
  }

  private async atStart({ id, runId, operation }: RunOfTenant): Promise<Said | undefined> {
    return saidIn(operation, await readable(async () => await startInput(this.client, id, runId)));
  }

  private async now({ id, runId, operation }: RunOfTenant): Promise<Said | undefined> {
    return await reading(this.amended, runId, async () =>
      saidIn(operation, await readable(async () => await currentInput(this.client, id, runId))),
    );
  }
}

async function reading<T>(kept: Kept<T>, name: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
  if (!kept.has(name)) kept.keep(name, read());
  return await kept.get(name);
}

/** Whoever starts a run may have written anything. */
function saidIn(operation: string, input: unknown): Said | undefined {
  const answer = catalogue[operation]?.read(input, { hasBegun: true });
  return answer?.ok ? { cloud: cloudOf(answer.order), named: tenantOfOrder(operation, answer.order) } : undefined;
}

/** Undefined when it is gone, or cannot be decrypted here. Fails when Temporal does not answer. */
async function readable(read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    const isAway = isGrpcServiceError(error) && (error.code as number) !== NOT_FOUND;
    if (isAway || (error instanceof TenantryError && error.kind === 'unavailable')) throw error;
    return undefined;
  }
}

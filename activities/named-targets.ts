import { isGrpcServiceError, type Client, type WorkflowExecutionInfo } from '@temporalio/client';
import { catalogue } from '../catalogue/index.js';
import { DEFAULT_CLOUD } from '../contract/ids.js';
import { startInput } from '../vault/index.js';
import { isTemporalError } from './read-run.js';
import { outsideOfCaller } from './shared-search.js';

const INPUTS_KEPT = 10_000;
const READ_MS = 8000;
/** gRPC's code. */
const NOT_FOUND = 5;

/** What an order names, as its operation reads it. */
export interface NamedTarget {
  cloud: string;
  /** The key of a new tenant. */
  key: string | undefined;
  tenant: Named | undefined;
}

interface Named {
  id?: string;
  customerId?: string;
  name?: string;
}

/** An input that cannot be read will be refused soon; until then it may mean what it seems to name. */
function targetIn(type: string, input: unknown): NamedTarget {
  const reading = catalogue[type]?.read(input, { hasBegun: true });
  const read = reading?.ok === true;
  const order = (read ? reading.order : (input ?? {})) as Record<string, unknown>;
  const made = order['customer'] ?? order['partner'];
  return {
    cloud: (order['cloud'] as string | undefined) ?? DEFAULT_CLOUD,
    key: read && made !== undefined ? reading.key : undefined,
    tenant: (order['tenant'] ?? made) as Named | undefined,
  };
}

/** Read once for all claims of this worker: the input of a run never changes. */
const targets = new Map<string, Promise<NamedTarget | undefined>>();

/**
 * What the input of a run names; undefined when the run is gone, or when nobody here can decrypt its input: then no worker
 * can begin it. Fails when Temporal does not answer.
 */
export async function readTarget(client: Client, run: WorkflowExecutionInfo): Promise<NamedTarget | undefined> {
  const known = targets.get(run.runId);
  if (known !== undefined) return await known;
  if (targets.size >= INPUTS_KEPT) targets.delete(targets.keys().next().value!);
  const { workflowId, runId, type } = run;
  const reading = outsideOfCaller(
    async () =>
      await client.withDeadline(Date.now() + READ_MS, async () => await startInput(client, workflowId, runId)),
  ).then((input) => targetIn(type, input), unlessUnavailable);
  targets.set(run.runId, reading);
  reading.catch(() => targets.delete(run.runId));
  return await reading;
}

function unlessUnavailable(error: unknown): undefined {
  const isGone = isGrpcServiceError(error) && (error as { code: number }).code === NOT_FOUND;
  if (isTemporalError(error) && !isGone) throw error;
}

import { describeRun } from '../vault/list-runs.js';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { differingFields, type CatalogueEntry } from '../catalogue/index.js';
import { TenantryError } from '../contract/errors.js';
import { tenantryReason, tenantryState, tenantryStep } from '../contract/search-attributes.js';
import { startInput } from '../vault/index.js';

/** The newest run with the workflow id of an order. */
export interface LatestRun {
  id: string;
  /** The run id with which it began; a reset gives it another. */
  runId: string;
  open: boolean;
  /** `running`, `blocked`, …, as Temporal's search knows it. */
  state: string;
  /** The step at which it is blocked, and the failure type. */
  step?: string;
  reason?: string;
  /** How its input differs from the order, in words; empty when both are equal. */
  differing: string[];
}

/**
 * The newest run with this id, compared with an order; undefined when there is none. Refused when it is a run of
 * another operation.
 */
export async function latestRun(
  client: Client,
  entry: CatalogueEntry,
  { id, order }: { id: string; order: unknown },
): Promise<LatestRun | undefined> {
  const run = await describeIfThere(client, id);
  if (run === undefined) return undefined;
  const { runId, type, status, typedSearchAttributes: found, raw } = run;
  if (type !== entry.name)
    throw new TenantryError('refused', `The id ${id} belongs to a run of ${type}; give another id.`);
  const [step, reason] = [found.get(tenantryStep), found.get(tenantryReason)];
  return {
    id,
    runId: raw.workflowExecutionInfo?.firstRunId || runId,
    open: status.name === 'RUNNING' || status.name === 'PAUSED',
    state: found.get(tenantryState) ?? 'running',
    ...(step === undefined ? {} : { step }),
    ...(reason === undefined ? {} : { reason }),
    differing: differingFields(entry, await startInput(client, id, runId), order),
  };
}

/** Says why a start is refused: the open run has other input. */
export function otherInputMessage({ id, differing }: LatestRun): string {
  const lines = differing.map((one) => `  ${one}`).join('\n');
  return `${id} was started with other input, so this start is refused:\n${lines}`;
}

async function describeIfThere(client: Client, id: string) {
  try {
    return await describeRun(client, id);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

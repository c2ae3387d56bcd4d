import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { CatalogueEntry } from '../catalogue/index.js';
import { differences } from '../contract/differences.js';
import { tenantryReason, tenantryState, tenantryStep } from '../contract/search-attributes.js';
import { TenantryError } from '../contract/errors.js';
import { firstInput } from './first-input.js';

/** The newest run that has the id of an order. */
export interface EarlierRun {
  id: string;
  /** With which it began; a reset gives it another. */
  runId: string;
  open: boolean;
  /** `running`, `blocked`, …, as Temporal's search knows it. */
  state: string;
  /** The step at which it is blocked, and the failure type. */
  step?: string;
  reason?: string;
  /** In what its input differs from the order, in words; none when it is the same. */
  differing: string[];
}

/** The newest run of an id, compared with an order; undefined when there is none. Refused when it is a run of another operation. */
export async function earlierRun(
  client: Client,
  entry: CatalogueEntry,
  { id, order }: { id: string; order: unknown },
): Promise<EarlierRun | undefined> {
  const run = await described(client, id);
  if (run === undefined) return undefined;
  const { runId, type, status, typedSearchAttributes: found, raw } = run;
  if (type !== entry.name)
    throw new TenantryError('refused', `The id ${id} belongs to a run of ${type}; give another --id.`);
  const reading = entry.read(await firstInput(client, id, runId));
  const differing = reading.ok
    ? differences(reading.order, order).map((one) => `${one.path} is ${one.there} there and ${one.here} here`)
    : ['its input cannot be read any more'];
  const [step, reason] = [found.get(tenantryStep), found.get(tenantryReason)];
  return {
    id,
    runId: raw.workflowExecutionInfo?.firstRunId || runId,
    open: status.name === 'RUNNING',
    state: found.get(tenantryState) ?? 'running',
    ...(step === undefined ? {} : { step }),
    ...(reason === undefined ? {} : { reason }),
    differing,
  };
}

/** Why a start is refused because of it. */
export function otherInput({ id, differing }: EarlierRun): string {
  return `${id} was started with other input, so this start is refused:\n${differing.map((one) => `  ${one}`).join('\n')}`;
}

async function described(client: Client, id: string) {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

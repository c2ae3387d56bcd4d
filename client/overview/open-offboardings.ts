import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { listRuns } from '../../vault/list-runs.js';
import { OFFBOARD_CUSTOMER } from '../../workflows/offboard-customer/contract.js';
import { inBatches } from '../batches.js';
import { quoted } from '../list-filter.js';
import { operationStatus } from '../status.js';
import type { OpenOffboarding } from './calendar.js';

const MOST_RUNS = 500;

/** The offboardings that are open, with their graces. `missing`: those that are not known, in sentences. */
export async function readOffboardings(
  client: Client,
  taskQueue: string,
  { withinMs = Infinity }: { withinMs?: number | undefined } = {},
): Promise<{ offboardings: OpenOffboarding[]; missing: string[] }> {
  const until = Date.now() + withinMs;
  const query = `WorkflowType = ${quoted(OFFBOARD_CUSTOMER)} AND ExecutionStatus = 'Running'`;
  const runs: { id: string; customer: string | undefined }[] = [];
  let isCut = false;
  for await (const { workflowId, parentExecution } of listRuns(client, query)) {
    isCut = runs.length === MOST_RUNS;
    if (isCut) break;
    runs.push({ id: workflowId, customer: parentExecution?.workflowId ?? undefined });
  }
  let why = 'there was no time to ask them';
  const found = await inBatches(runs, async ({ id, customer }): Promise<OpenOffboarding[]> => {
    if (Date.now() >= until) return [];
    try {
      return [{ status: await operationStatus(client, id, taskQueue), customer }];
    } catch (error) {
      if (!(error instanceof TenantryError)) throw error;
      why = error.message.replace(/\.$/, '');
      return [];
    }
  });
  const offboardings = found.flat();
  const unknown = runs.length - offboardings.length;
  return {
    offboardings,
    missing: [
      ...(isCut ? [`Only ${MOST_RUNS} offboardings are read; there are more.`] : []),
      ...(unknown > 0 ? [`${unknown} of ${runs.length} offboardings are not known: ${why}.`] : []),
    ],
  };
}

import type { Client } from '@temporalio/client';
import { BRAKE_WORKFLOW, brakeId } from '../contract/brake.js';
import { listRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';

/** The clouds whose brake some customer, or a person, has asked. No worker is asked. */
export async function cloudsWithBrake(client: Client): Promise<string[]> {
  const clouds: string[] = [];
  const query = `WorkflowType = ${quoted(BRAKE_WORKFLOW)} AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of listRuns(client, query)) {
    const cloud = workflowId.slice(BRAKE_WORKFLOW.length + 1);
    // whoever has started something else under this type is no brake
    if (workflowId === brakeId(cloud)) clouds.push(cloud);
  }
  return clouds.toSorted((a, b) => a.localeCompare(b));
}

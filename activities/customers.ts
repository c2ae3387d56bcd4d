import { Context } from '@temporalio/activity';
import { CUSTOMER_WORKFLOW } from '../contract/customers.js';
import { acronisTenantId } from '../contract/search-attributes.js';
import { escapeQuotes } from './earlier-runs.js';

/** What a customer asks Temporal about other customers. */
export function createCustomerActivities() {
  return {
    /** The workflow id of another open customer that has this tenant; null when there is none. Changes nothing. */
    otherCustomerOf: async ({ tenantId }: { tenantId: string }): Promise<string | null> =>
      (await otherHolderOf(tenantId)) ?? null,
  };
}

/** The same for a customer's activity. The id must be written as the cloud writes it. */
export async function otherHolderOf(tenantId: string): Promise<string | undefined> {
  const { client, info } = Context.current();
  const id = escapeQuotes(tenantId);
  const query = `WorkflowType = '${CUSTOMER_WORKFLOW}' AND ExecutionStatus = 'Running' AND ${acronisTenantId.name} = '${id}'`;
  for await (const { workflowId } of client.workflow.list({ query }))
    if (workflowId !== info.workflowExecution?.workflowId) return workflowId;
  return undefined;
}

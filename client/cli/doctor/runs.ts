import { Client, type Connection } from '@temporalio/client';
import { dataConverter } from '../../../vault/index.js';
import type { ClientSettings } from '../../../settings/client.js';
import { ofThisProduct } from '../../of-customer.js';
import { remedyOf, stallOf } from '../../stalled.js';
import { fail, ok, type Check } from './check.js';

const MOST_RUNS = 20;

/** Whether workers fail at the newest open runs, as those do that lack their key. Changes nothing. */
export async function checkRuns(connection: Connection, { namespace, keys }: ClientSettings): Promise<Check> {
  const client = new Client({ connection, namespace, dataConverter: dataConverter(keys) });
  const { executions } = await connection.workflowService.listWorkflowExecutions({
    namespace,
    pageSize: MOST_RUNS,
    query: `${ofThisProduct()} AND ExecutionStatus = 'Running'`,
  });
  const ids = (executions ?? []).map(({ execution }) => execution?.workflowId ?? '');
  const stalls = await Promise.all(
    ids.map(async (id) => ({ id, stall: await stallOf(client, id).catch(() => undefined) })),
  );
  const [first, ...others] = stalls.flatMap(({ id, stall }) => (stall === undefined ? [] : [{ id, ...stall }]));
  if (first === undefined) return ok('runs', `no worker fails at one of the ${ids.length} newest that are open`);
  const more = others.length === 0 ? '' : `, and at ${others.length} more`;
  return fail('runs', `the worker ${first.identity} fails at ${first.id}${more}: ${first.message}`, remedyOf(first));
}

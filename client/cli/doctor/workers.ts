import { remedyText } from '../remedies.js';
import { Client, type Connection } from '@temporalio/client';
import type { ClientSettings } from '../../../settings/client.js';
import { clientOptions } from '../../../vault/index.js';
import { productCondition } from '../../list-filter.js';
import { failureRemedy, findFailingWorker, POLLER_TIMEOUT_S, recentPollers, type Poller } from '../../workers.js';
import { fail, ok, warn, type Check } from './check.js';

const MAX_RUNS = 20;

/**
 * Which workers poll, as Temporal has seen them. A worker that stopped less than `POLLER_TIMEOUT_S` ago looks like one
 * that waits for work, so the message says when each was last seen.
 */
export function checkPollers(
  pollers: readonly Poller[],
  { taskQueue, version, now }: { taskQueue: string; version: string; now: number },
): Check {
  const start = 'Start one: "tenantry worker".';
  const all = recentPollers(pollers, now);
  const there = all.filter(({ ago }) => ago <= POLLER_TIMEOUT_S);
  if (there.length === 0) {
    const last = all.length === 0 ? '' : `; the last was seen ${all[0]!.ago} s ago`;
    return fail('workers', `none polls task queue ${taskQueue}${last}`, start);
  }
  const seen = `last seen ${there.map(({ ago }) => ago).join(', ')} s ago`;
  const message = `${there.length} on task queue ${taskQueue}, ${seen}`;
  const others = there.filter(({ identity }) => !identity.startsWith(`tenantry@${version} `));
  if (others.length === 0) return ok('workers', `${message}, version ${version} like this program`);
  const named = others.map(({ identity }) => identity).join(', ');
  return warn('workers', `${message}; other than version ${version}: ${named}`, 'Run the same version everywhere.');
}

/** Whether workers fail at the newest open runs, for example because they lack the key. Changes nothing. */
export async function checkRuns(connection: Connection, { namespace, keys }: ClientSettings): Promise<Check> {
  const client = new Client({ connection, namespace, ...clientOptions(keys) });
  const { executions } = await connection.workflowService.listWorkflowExecutions({
    namespace,
    pageSize: MAX_RUNS,
    query: `${productCondition()} AND ExecutionStatus = 'Running'`,
  });
  const ids = (executions ?? []).map(({ execution }) => execution?.workflowId ?? '');
  const stalls = await Promise.all(
    ids.map(async (id) => ({ id, stall: await findFailingWorker(client, id).catch(() => undefined) })),
  );
  const [first, ...others] = stalls.flatMap(({ id, stall }) => (stall === undefined ? [] : [{ id, ...stall }]));
  if (first === undefined) return ok('runs', noneFails(ids.length));
  const more = others.length === 0 ? '' : `, and at ${others.length} more`;
  return fail(
    'runs',
    `the worker ${first.identity} fails at ${first.id}${more}: ${first.message}`,
    remedyText({ remedies: [failureRemedy(first)] }),
  );
}

function noneFails(open: number): string {
  if (open === 0) return 'none is open';
  return open === 1
    ? 'one is open, and no worker fails at it'
    : `no worker fails at one of the ${open} newest open ones`;
}

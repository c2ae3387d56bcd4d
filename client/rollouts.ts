import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { SignDecision } from '../contract/actors.js';
import type { DecisionRequest } from '../contract/decisions.js';
import type { RolloutMemory } from '../contract/rollout-memory.js';
import { tenantryState } from '../contract/search-attributes.js';
import { TenantryError } from '../contract/errors.js';
import {
  ROLLOUT_QUERY,
  ROLLOUT_WORKFLOW,
  rolloutActions,
  rolloutId,
  rolloutProblem,
  type RolloutChoice,
  type RolloutDecision,
  type RolloutStart,
  type RolloutState,
  type RolloutStatus,
} from '../contract/rollout.js';
import { queryStatus } from './query-status.js';
import { sendDecision } from './send-decision.js';
import { sendUpdate } from './send-update.js';
import { explainServiceError } from './service-errors.js';
import { checkWorkerKeys } from './worker-keys.js';
import { describeRun, listRuns } from '../vault/list-runs.js';
import { quoted } from './list-filter.js';

/** The answer for many customers is long. */
const QUERY_MS = 20_000;

/**
 * Starts a rollout, and gives its workflow id; `memory` is where it goes on. Refused while another one of its kind is open
 * in the cloud.
 */
export async function startRollout(
  client: Client,
  taskQueue: string,
  start: RolloutStart,
  memory?: RolloutMemory,
): Promise<string> {
  const { action, cloud, refs } = start;
  const problem = rolloutProblem(start);
  if (problem !== undefined) throw new TenantryError('refused', problem);
  await checkWorkerKeys(client, taskQueue);
  const id = rolloutId(action, cloud);
  const options = {
    workflowId: id,
    taskQueue,
    args: (memory === undefined ? [start] : [start, memory]) as [RolloutStart, RolloutMemory?],
    // what a dead worker has begun waits this long, instead of ten seconds
    workflowTaskTimeout: '5 seconds',
    staticSummary: `${action} for ${refs.length} customers`,
  } as const;
  try {
    await client.workflow.start(ROLLOUT_WORKFLOW, options);
    return id;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw explainServiceError('start it', error) ?? error;
    throw new TenantryError('refused', `${id} has not ended yet: one at a time. Let it end, or stop it.`, {
      remedies: [{ do: 'showRollout', id }],
    });
  }
}

/**
 * How far a rollout is, and what became of each customer; also after its end, for as long as Temporal keeps it. Fails as
 * `unavailable` when no worker answers.
 */
export async function rolloutStatus(client: Client, id: string, taskQueue: string): Promise<RolloutStatus> {
  checkIsRollout(id);
  const question = { id, query: ROLLOUT_QUERY, taskQueue, withinMs: QUERY_MS };
  const status = await queryStatus<RolloutStatus>(client, question);
  if (status === undefined) throw new TenantryError('notFound', absent(id));
  return status;
}

/** The ids of the rollouts that wait for a decision. No worker is asked. */
export async function waitingRollouts(client: Client): Promise<string[]> {
  const isWaiting = `ExecutionStatus = 'Running' AND ${tenantryState.name} = ${quoted('blocked' satisfies RolloutState)}`;
  const ids: string[] = [];
  for await (const { workflowId } of listRuns(client, `WorkflowType = ${quoted(ROLLOUT_WORKFLOW)} AND ${isWaiting}`))
    ids.push(workflowId);
  return ids;
}

/** True while it can be decided about. One that was cancelled or terminated is not open, and may say that it runs. */
export async function isRolloutOpen(client: Client, id: string): Promise<boolean> {
  return (await describeRun(client, id)).status.name === 'RUNNING';
}

/**
 * Decides for a rollout, and resolves once it has accepted that. It refuses what makes no sense now, in its own words,
 * and nothing changes.
 */
export async function decideOnRollout(
  client: Client,
  decision: { id: string; choice: RolloutChoice; request: DecisionRequest; sign?: SignDecision },
  taskQueue: string,
): Promise<RolloutDecision> {
  const { id } = decision;
  checkIsRollout(id);
  return await sendUpdate(client, {
    id,
    taskQueue,
    name: id,
    absent: new TenantryError('refused', `${id} has ended, or was never started: there is nothing to decide.`),
    send: async () => await sendDecision<RolloutDecision>(client, decision),
  });
}

function checkIsRollout(id: string): void {
  if (!id.startsWith(`${ROLLOUT_WORKFLOW}:`)) throw new TenantryError('refused', absent(id));
}

function absent(id: string): string {
  const ids = rolloutActions.map((action) => rolloutId(action)).join(', ');
  return `There is no rollout ${id || '""'}. Known ids: ${ids}; with the name of the cloud in between where it is not the default one.`;
}

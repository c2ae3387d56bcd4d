import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { Proven, SignDecision } from '../contract/actors.js';
import type { DecisionRequest } from '../contract/decisions.js';
import { describeRun } from '../vault/list-runs.js';

interface SentDecision {
  id: string;
  /** The name of the Update. */
  choice: string;
  request: DecisionRequest;
  /** What the run waits for, where it waits for a person. */
  about?: string | undefined;
  /** Proves who decides; without it the actor is not verified. */
  sign?: SignDecision | undefined;
}

const MOST_TRIES = 5;

/**
 * Sends a decision to a workflow, with a proof of its actor if it can be signed here, and resolves with the answer. A proof
 * is for one run, so it is made again when the workflow has continued as a new one meanwhile.
 */
export async function sendDecision<Answer>(
  client: Client,
  { id, choice, request, about, sign }: SentDecision,
): Promise<Answer> {
  const send = async (runId: string | undefined, args: [Proven<DecisionRequest>]) =>
    await client.workflow.getHandle(id, runId).executeUpdate<Answer, typeof args>(choice, { args });
  if (sign === undefined) return await send(undefined, [request]);
  let last: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const { runId } = await describeRun(client, id);
    const proof = sign({ workflowId: id, runId, choice, about, request });
    try {
      return await send(runId, [{ ...request, proof }]);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError) || runId === last || tries === MOST_TRIES) throw error;
      last = runId;
    }
  }
}

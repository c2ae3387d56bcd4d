import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { explainDecryptionError } from '../vault/encryption.js';
import { notAnswered } from './send-update.js';

const ANSWER_MS = 5000;

interface Question {
  /** The workflow id. */
  id: string;
  query: string;
  args?: unknown[];
  taskQueue: string;
  /** How long the answer may take, in milliseconds. */
  withinMs?: number;
}

/**
 * The status of a workflow that lives for long; undefined when there is no such workflow. Fails as `unavailable` when no
 * worker answers, and says when it cannot be decrypted here.
 */
export async function queryStatus<Status>(
  client: Client,
  { id, query, args = [], taskQueue, withinMs = ANSWER_MS }: Question,
): Promise<Status | undefined> {
  try {
    const ask = async () => await client.workflow.getHandle(id).query<Status, unknown[]>(query, ...args);
    return await client.withDeadline(Date.now() + withinMs, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw explainDecryptionError(id, error) ?? (await notAnswered(client, { id, taskQueue, name: id }));
  }
}

import { randomUUID } from 'node:crypto';
import { WorkflowFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Notice } from '../../contract/notices.js';
import type { OperationStatus } from '../../contract/status.js';
import type { TextFile } from './activities.js';
import type { AnySimulator } from './any-simulator.js';

/** What a test file of workflows needs: Temporal, a simulator, and a worker in this process. */
export interface OperationEnvironment {
  simulator: AnySimulator;
  client: Client;
  taskQueue: string;
  start(input: unknown, id?: string): Promise<WorkflowHandle>;
  /** Starts any operation. */
  begin(operation: string, input: unknown, id?: string): Promise<WorkflowHandle>;
  /** Runs any operation to its end. Gives its final status, whatever that is. */
  run(operation: string, input: unknown, id?: string): Promise<FinalStatus>;
  /** Runs a `provisionCustomer` to its end. Gives its final status, whatever that is. */
  provision(input: unknown, id?: string): Promise<FinalStatus>;
  /** Notices that were sent. */
  notices: Notice[];
  /** Files that runs have stored. */
  artefacts: TextFile[];
  /** Routes that were called since the last call of this function. */
  calls(): string[];
}

/** How a run ended, and the type of its failure. */
export type FinalStatus = OperationStatus & { failureType?: string };

/** The functions that start operations. */
export function runners(
  client: Client,
  taskQueue: string,
): Pick<OperationEnvironment, 'begin' | 'start' | 'run' | 'provision'> {
  const begin = (operation: string, input: unknown, workflowId: string = randomUUID()) =>
    client.workflow.start(operation, { workflowId, taskQueue, args: [input], workflowTaskTimeout: '5 seconds' });
  return {
    begin,
    start: (input, id) => begin('provisionCustomer', input, id),
    run: async (operation, input, id) => await statusAtEnd(await begin(operation, input, id)),
    provision: async (input, id) => await statusAtEnd(await begin('provisionCustomer', input, id)),
  };
}

/** Gives the routes that were called since the last time. */
export function callsSince({ journal }: Pick<AnySimulator, 'journal'>): () => string[] {
  let seen = 0;
  return () => {
    const calls = journal.calls().slice(seen);
    seen += calls.length;
    return calls.map(({ route }) => route);
  };
}

/** The final status of a run: its result, or the detail of its failure. */
export async function statusAtEnd(handle: WorkflowHandle): Promise<FinalStatus> {
  try {
    return (await handle.result()) as OperationStatus;
  } catch (error) {
    const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure)) throw error;
    return { ...(cause.details?.[0] as OperationStatus), ...(cause.type ? { failureType: cause.type } : {}) };
  }
}

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { customerWorkflowId } from '../catalogue/customer-id.js';
import type { CustomerStatus } from '../contract/customers.js';
import { hasEnded, type OperationStatus } from '../contract/status.js';
import { explainDecryptionError } from '../vault/encryption.js';
import { customerNotFound, customerStatus, type CustomerName } from './customers.js';
import { trackRun, versionOf } from './run-tracker.js';
import { operationStatus } from './status.js';

/** A status that was read of something that is followed. */
export interface Reading<Status> {
  status: Status;
  /** True when it changes no more. */
  isOver: boolean;
}

/** Reads a status once more; undefined while nothing has changed since the last reading. */
export type Reader<Status> = () => Promise<Reading<Status> | undefined>;

/** Some of a status follows from the time alone, and no event says that. */
const LONGEST_UNREAD_MS = 30_000;
/** Temporal and a worker together. */
const ANSWER_MS = 10_000;

/**
 * Reads the status of a run, as `operationStatus` does, again and again. Temporal is asked each time, a worker only when
 * something may have changed.
 */
export function readerOfRun(client: Client, id: string, taskQueue: string): Reader<OperationStatus> {
  const standing = trackRun(client, id);
  return whenChanged(client, async () => {
    const { runId, version, isClosed } = await standing().catch(explained(id));
    return {
      version,
      read: async () => {
        const status = await operationStatus(client, id, taskQueue, runId);
        // a closed run says more than one that is about to close
        return hasEnded(status) && !isClosed ? undefined : { status, isOver: isClosed };
      },
    };
  });
}

/** The same of a customer. */
export function readerOfCustomer(client: Client, name: CustomerName, taskQueue: string): Reader<CustomerStatus> {
  const id = customerWorkflowId(name.ref, name.cloud);
  return whenChanged(client, async () => {
    const description = await client.workflow
      .getHandle(id)
      .describe()
      .catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) throw customerNotFound(name);
        return explained(id)(error);
      });
    const isOver = description.status.name !== 'RUNNING';
    return {
      version: versionOf(description),
      read: async () => {
        const status = await customerStatus(client, name, taskQueue);
        if (status === undefined) throw customerNotFound(name);
        return { status, isOver };
      },
    };
  });
}

/** What can be read, and a text that is another one whenever it may be another. */
interface Look<Status> {
  version: string;
  /** Undefined when there will be more to read in a moment. */
  read: () => Promise<Reading<Status> | undefined>;
}

function whenChanged<Status>(client: Client, look: () => Promise<Look<Status>>): Reader<Status> {
  let last: { version: string; at: number } | undefined;
  const readIfChanged = async () => {
    const at = performance.now();
    const { version, read } = await look();
    if (last?.version === version && at - last.at < LONGEST_UNREAD_MS) return undefined;
    const reading = await read();
    if (reading !== undefined) last = { version, at };
    return reading;
  };
  return async () => await client.withDeadline(Date.now() + ANSWER_MS, readIfChanged);
}

function explained(id: string) {
  return (error: unknown): never => {
    throw explainDecryptionError(id, error) ?? error;
  };
}

import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { catalogue, type CatalogueEntry } from '../catalogue/index.js';
import { FailureType } from '../contract/failures.js';
import { explainServiceError } from './service-errors.js';
import { latestRun, otherInputMessage } from './latest-run.js';
import { TenantryError } from '../contract/errors.js';
import { checkWorkerKeys } from './worker-keys.js';
import { STARTED_BY_MEMO, startOf, startPolicy } from '../contract/starts.js';

export interface StartedRun {
  id: string;
  runId: string;
  /** True when a run with the same input was open already. */
  joined: boolean;
}

/** The names of all operations, sorted. */
export function operationNames(): string[] {
  return Object.keys(catalogue).toSorted();
}

/** Finds an operation by its name. Refused, with the names that exist, when there is none. */
export function findOperation(name: string): CatalogueEntry {
  const entry = catalogue[name];
  if (entry !== undefined) return entry;
  throw new TenantryError('refused', `There is no operation ${name}. Known are: ${operationNames().join(', ')}.`);
}

export interface StartSpec {
  operation: string;
  input: unknown;
  taskQueue: string;
  /** The workflow id, instead of the one made from the business key. */
  id?: string | undefined;
  /** Who starts it; shown among the changes. */
  startedBy?: string | undefined;
}

/** Each failed start means that another one of the same id has succeeded. */
const MAX_STARTS = 20;

/**
 * Starts an operation. The input is read first, and every problem is reported before anything starts. The same input
 * again joins the open run; other input for the same customer is refused, with the differences. Once that run has
 * closed a new one is started: it finds what is there. Refused also when this program and the workers have other keys.
 */
export async function startOperation(
  client: Client,
  { operation, input, taskQueue, id, startedBy }: StartSpec,
): Promise<StartedRun> {
  const entry = findOperation(operation);
  const { order, key } = readOrder(entry, input);
  await checkWorkerKeys(client, taskQueue);
  const { workflowId, staticSummary } = startOf(operation, { order, key });
  const runWorkflowId = id ?? workflowId;
  if (id !== undefined) checkWorkflowId(operation, id);
  const start = async (): Promise<StartedRun> => {
    const { firstExecutionRunId } = await client.workflow.start(operation, {
      workflowId: runWorkflowId,
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      ...startPolicy,
      staticSummary,
      ...(startedBy !== undefined && { memo: { [STARTED_BY_MEMO]: startedBy } }),
    });
    return { id: runWorkflowId, runId: firstExecutionRunId, joined: false };
  };
  for (let tries = 1; ; tries += 1)
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || tries === MAX_STARTS)
        throw explainServiceError('start the run', error) ?? error;
      // the open run may have closed in between, and somebody else may have started the next one
      const joined = await join(client, entry, runWorkflowId, order);
      if (joined !== undefined) return joined;
    }
}

/** Reads an input. Refused, with every problem and its path, when it does not fit. */
export function readOrder(entry: CatalogueEntry, input: unknown): { order: { cloud?: string }; key: string } {
  const reading = entry.read(input);
  if (reading.ok) return reading;
  const lines = reading.problems.map(({ path, message }) => `  ${path}: ${message}`);
  throw new TenantryError('refused', `The input of ${entry.name} is refused:\n${lines.join('\n')}`, {
    type: FailureType.InvalidInput,
    problems: reading.problems,
  });
}

const MOST_ID_CHARACTERS = 255;

/** Refuses an id of a caller that Temporal's tools cannot address, or that does not show the operation. */
export function checkWorkflowId(operation: string, id: string): void {
  const key = id.startsWith(`${operation}:`) ? id.slice(operation.length + 1) : '';
  if (key !== '' && id.length <= MOST_ID_CHARACTERS && !/[\s\p{Cc}\p{Cf}\p{Cs}/%?#\\]/u.test(key)) return;
  throw new TenantryError(
    'refused',
    `The id ${JSON.stringify(id)} cannot be used: it must be ${operation}: and a key, such as ` +
      `${operation}:customer-inc, of at most ${MOST_ID_CHARACTERS} characters, without blanks, control characters ` +
      'and / % ? # \\',
  );
}

/** The open run; undefined when it has closed. */
async function join(
  client: Client,
  entry: CatalogueEntry,
  id: string,
  order: unknown,
): Promise<StartedRun | undefined> {
  const run = await latestRun(client, entry, { id, order });
  if (run?.open !== true) return undefined;
  if (run.differing.length > 0) throw new TenantryError('refused', otherInputMessage(run));
  return { id, runId: run.runId, joined: true };
}

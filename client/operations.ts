import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { catalogue, type CatalogueEntry } from '../catalogue/index.js';
import { workflowId } from '../contract/ids.js';
import { earlierRun, otherInput } from './earlier-run.js';
import { TenantryError } from '../contract/errors.js';

export interface Started {
  id: string;
  runId: string;
  /** True when a run with the same input was under way already. */
  joined: boolean;
}

/** Finds an operation by its name, or names those that exist. */
export function operationNamed(name: string): CatalogueEntry {
  const entry = catalogue[name];
  if (entry !== undefined) return entry;
  throw new TenantryError('refused', `There is no operation ${name}. Known are: ${Object.keys(catalogue).join(', ')}.`);
}

/** Each start that fails means that another one of the same id has succeeded. */
const MOST_STARTS = 20;

/**
 * Starts an operation. The input is read first, and every problem is told before anything is started. The same input again joins the
 * run that is under way; other input for the same customer is refused, naming what differs. Once that run has closed a new one is started: it
 * finds what is there.
 */
export async function startOperation(
  client: Client,
  {
    operation,
    input,
    taskQueue,
    id,
  }: { operation: string; input: unknown; taskQueue: string; id?: string | undefined },
): Promise<Started> {
  const entry = operationNamed(operation);
  const { order, key } = readOrder(entry, input);
  const wanted = id ?? workflowId(operation, order.cloud, key);
  const start = async (): Promise<Started> => {
    const { firstExecutionRunId } = await client.workflow.start(operation, {
      workflowId: wanted,
      taskQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      // a worker that dies holds up its runs this long, instead of ten seconds
      workflowTaskTimeout: '5 seconds',
      staticSummary: `${operation} ${key}`.slice(0, 150),
    });
    return { id: wanted, runId: firstExecutionRunId, joined: false };
  };
  for (let tries = 1; ; tries += 1)
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || tries === MOST_STARTS) throw error;
      // it may have closed, or have been deleted, in between; and then somebody else may be first
      const joined = await join(client, entry, wanted, order);
      if (joined !== undefined) return joined;
    }
}

/** Reads an input, or tells every problem with its path. */
export function readOrder(entry: CatalogueEntry, input: unknown): { order: { cloud?: string }; key: string } {
  const reading = entry.read(input);
  if (reading.ok) return reading;
  const lines = reading.problems.map(({ path, message }) => `  ${path}: ${message}`);
  throw new TenantryError('refused', `The input of ${entry.name} is refused:\n${lines.join('\n')}`, {
    problems: reading.problems,
  });
}

/** The run that is under way; undefined when there is none any more. */
async function join(client: Client, entry: CatalogueEntry, id: string, order: unknown): Promise<Started | undefined> {
  const run = await earlierRun(client, entry, { id, order });
  if (run?.open !== true) return undefined;
  if (run.differing.length > 0) throw new TenantryError('refused', otherInput(run));
  return { id, runId: run.runId, joined: true };
}

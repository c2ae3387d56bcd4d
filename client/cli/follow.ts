import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { FailureType } from '../../contract/failures.js';
import type { OperationStatus } from '../../contract/status.js';
import { TenantryError } from '../../contract/errors.js';
import { Exit, exitCodes } from './exit-codes.js';
import { operationStatus } from '../status.js';
import { blockedAhead } from './format.js';
import { stderr } from './output.js';
import type { Progress } from './progress.js';

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1000;
const PATIENCE_MS = 30_000;

/** What a worker refuses because of the input alone. */
const ofTheInput: readonly string[] = [FailureType.InvalidInput, FailureType.Different];

/** What the end of a run means to the program that asked for it. */
export function exitCode(status: OperationStatus): number {
  switch (status.state) {
    case 'completed':
      return Exit.done;
    case 'blocked':
      return Exit.blocked;
    case 'running':
      // followed no further, because a blocked run is ahead of it
      return Exit.blocked;
    case 'cancelled':
      return Exit.cancelled;
    case 'failed':
      return ofTheInput.includes(status.reason.type) ? Exit.refused : Exit.failed;
    default:
      return Exit.failed;
  }
}

/** Which run is shown: the one that began with this run id, else the last one of the workflow id. */
interface Followed {
  id: string;
  runId?: string | undefined;
}

/** Shows a run until it has ended or is blocked; Ctrl-C leaves it to go on. One that somebody starts later under the same id is another. */
export async function follow(
  client: Client,
  run: Followed,
  taskQueue: string,
  progress: Progress,
): Promise<OperationStatus> {
  const forget = onInterrupt(run.id);
  try {
    return await untilEnd(client, run, taskQueue, progress);
  } finally {
    forget();
  }
}

async function untilEnd(
  client: Client,
  { id, runId }: Followed,
  taskQueue: string,
  progress: Progress,
): Promise<OperationStatus> {
  const patiently = patience();
  const newest = lives(client, id, runId);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const last = await patiently(async () => {
      const now = { id, runId: await newest() };
      const status = await operationStatus(client, id, taskQueue, now.runId);
      progress.show(status);
      if (blockedAhead(status) !== undefined) return status;
      if (['running', 'undoing'].includes(status.state) && !(await closed(client, now))) return undefined;
      return await settled(client, now, taskQueue, status);
    });
    if (last !== undefined) {
      progress.show(last);
      return last;
    }
    await sleep(pause);
  }
}

/**
 * Looks again and again, over what passes: a worker or the server that is being restarted is no reason to give up. A look that fails is
 * answered with undefined, until none has succeeded for half a minute; what is refused is refused at once.
 */
export function patience(now = () => performance.now()): <T>(look: () => Promise<T>) => Promise<T | undefined> {
  let troubledSince: number | undefined;
  return async (look) => {
    try {
      const seen = await look();
      troubledSince = undefined;
      return seen;
    } catch (error) {
      if (error instanceof TenantryError && exitCodes[error.kind] === Exit.refused) throw error;
      troubledSince ??= now();
      if (now() - troubledSince > PATIENCE_MS) throw error;
      return undefined;
    }
  };
}

/** Tells by which run id the run that began with this one goes on: a reset gives it another. */
function lives(client: Client, id: string, runId: string | undefined): () => Promise<string | undefined> {
  let [first, newest] = [runId, runId];
  return async () => {
    const seen = await client.workflow.getHandle(id).describe().catch(unlessUnknown);
    const began = seen?.raw.workflowExecutionInfo?.firstRunId || seen?.runId;
    first ??= began;
    if (began === first) newest = seen?.runId;
    return newest;
  };
}

/** Whoever asks for its status says so. */
function unlessUnknown(error: unknown): undefined {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}

async function closed(client: Client, { id, runId }: Followed): Promise<boolean> {
  return (await client.workflow.getHandle(id, runId).describe()).status.name !== 'RUNNING';
}

/** The result carries more than the last look at a run that was about to close. */
async function settled(
  client: Client,
  { id, runId }: Followed,
  taskQueue: string,
  seen: OperationStatus,
): Promise<OperationStatus> {
  if (seen.state === 'blocked') return seen;
  await client.workflow
    .getHandle(id, runId)
    .result()
    .catch(() => undefined);
  return await operationStatus(client, id, taskQueue, runId);
}

function onInterrupt(id: string): () => void {
  const leave = () => {
    stderr(`\nThe run goes on. See it again with: tenantry status ${id}`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}

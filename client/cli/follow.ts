import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { commandFor } from '../../contract/commands.js';
import { TenantryError } from '../../contract/errors.js';
import type { OperationStatus } from '../../contract/status.js';
import { blockedAhead } from '../../contract/view.js';
import { describeRun } from '../../vault/list-runs.js';
import { trackRun } from '../run-tracker.js';
import { operationStatus } from '../status.js';
import { Exit, exitCodeOf, exitCodes } from './exit-codes.js';
import { stderr, stdout } from './output.js';
import { createProgress, type Progress } from './progress.js';

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1000;
const OUTAGE_MS = 30_000;
/** Nobody needs to know of a shorter failure. */
const BLIP_MS = 3000;

/** The run that began with this run id; without one, the last run of the workflow id. */
interface Followed {
  id: string;
  runId?: string | undefined;
}

/**
 * Shows to its end a run that this command has started, or decided for. When it cannot be read here, that is no refusal
 * any more: the message says that it goes on.
 */
export async function showStarted(client: Client, run: Followed, taskQueue: string, json: boolean): Promise<number> {
  try {
    return await showToEnd(client, run, taskQueue, json);
  } catch (error) {
    if (!(error instanceof TenantryError) || error.kind !== 'refused') throw error;
    const { status } = await describeRun(client, run.id, run.runId);
    const now = status.name === 'RUNNING' ? 'goes on' : `has ended (${status.name.toLowerCase()})`;
    throw new TenantryError('unavailable', `The run ${now}, but ${error.message}`, error);
  }
}

/** Shows the progress of a run, then its final status, as JSON where asked. Returns the exit code. */
export async function showToEnd(client: Client, run: Followed, taskQueue: string, json: boolean): Promise<number> {
  const last = await follow(client, run, taskQueue, createProgress(json ? process.stderr : process.stdout));
  if (json) stdout(JSON.stringify(last));
  return exitCodeOf(last);
}

/**
 * Shows a run until it has ended or is blocked. After Ctrl-C the run goes on. A run that somebody starts later under
 * the same id is another one.
 */
export async function follow(
  client: Client,
  { id, runId }: Followed,
  taskQueue: string,
  progress: Progress,
): Promise<OperationStatus> {
  const stopListening = onInterrupt(`The run goes on. See it again with: ${commandFor(id, 'status')}`);
  const attempt = tolerateOutages();
  const standing = trackRun(client, id, runId);
  const endOf = async () => {
    const now = { id, runId: (await standing()).runId };
    const status = await operationStatus(client, id, taskQueue, now.runId);
    if (blockedAhead(status) !== undefined) return status;
    const goesOn = ['running', 'undoing'].includes(status.state) && !(await isClosed(client, now));
    if (!goesOn) return await finalStatus(client, now, taskQueue, status);
    progress.show(status);
    return undefined;
  };
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      const last = await attempt(endOf);
      if (last !== undefined) {
        progress.end(last);
        return last;
      }
      await sleep(pause);
    }
  } finally {
    stopListening();
  }
}

/**
 * Wraps calls so that a restart of a worker or the server ends nothing. A call that fails gives undefined, until none
 * has succeeded for half a minute; once it has lasted a little, it says why. A refusal is thrown at once, and so is a
 * lack of keys: only a person can end it. `longestMs` takes the place of the half minute.
 */
export function tolerateOutages(
  now = () => performance.now(),
  longestMs = OUTAGE_MS,
): <T>(call: () => Promise<T>) => Promise<T | undefined> {
  let failingSince: number | undefined;
  let isSaid = false;
  return async (call) => {
    const began = now();
    try {
      const answer = await call();
      failingSince = undefined;
      isSaid = false;
      return answer;
    } catch (error) {
      if (error instanceof TenantryError && lasts(error)) throw error;
      failingSince ??= began;
      const failingMs = now() - failingSince;
      if (failingMs > longestMs) throw error;
      if (failingMs > BLIP_MS && !isSaid) stderr(`No answer yet: ${(error as Error).message}`);
      isSaid ||= failingMs > BLIP_MS;
      return undefined;
    }
  };
}

function lasts({ kind, remedies }: TenantryError): boolean {
  return exitCodes[kind] === Exit.refused || remedies.some((remedy) => remedy.do === 'shareKeys');
}

async function isClosed(client: Client, { id, runId }: Followed): Promise<boolean> {
  return (await describeRun(client, id, runId)).status.name !== 'RUNNING';
}

/** The result of a closed run carries more, and other times, than the status that a query gave when it closed. */
async function finalStatus(
  client: Client,
  { id, runId }: Followed,
  taskQueue: string,
  status: OperationStatus,
): Promise<OperationStatus> {
  if (status.state === 'blocked') return status;
  await client.workflow
    .getHandle(id, runId)
    .result()
    .catch(() => undefined);
  return await operationStatus(client, id, taskQueue, runId);
}

/** Says this and ends the program at Ctrl-C, until the function that it gives is called. */
export function onInterrupt(text: string): () => void {
  const leave = () => {
    stderr(`\n${text}`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}

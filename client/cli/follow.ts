import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { OperationStatus } from '../../workflows/shared/status.js';
import { ClientError, Exit } from '../errors.js';
import { operationStatus } from '../status.js';
import { blockedAhead } from './format.js';
import { stderr } from './output.js';
import type { Progress } from './progress.js';

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1000;
const PATIENCE_MS = 30_000;

/** What the end of a run means to the program that asked for it. */
export function exitCode({ state }: OperationStatus): number {
  switch (state) {
    case 'completed':
      return Exit.done;
    case 'blocked':
      return Exit.blocked;
    case 'running':
      // followed no further, because a blocked run is ahead of it
      return Exit.blocked;
    case 'cancelled':
      return Exit.cancelled;
    default:
      return Exit.failed;
  }
}

/** Shows a run until it has ended, or is blocked, or waits for a blocked one; Ctrl-C leaves it to go on. */
export async function follow(
  client: Client,
  id: string,
  taskQueue: string,
  progress: Progress,
): Promise<OperationStatus> {
  const forget = onInterrupt(id);
  try {
    return await untilEnd(client, id, taskQueue, progress);
  } finally {
    forget();
  }
}

async function untilEnd(client: Client, id: string, taskQueue: string, progress: Progress): Promise<OperationStatus> {
  const patiently = patience();
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const last = await patiently(async () => {
      const status = await operationStatus(client, id, taskQueue);
      progress.show(status);
      if (blockedAhead(status) !== undefined) return status;
      if (['running', 'undoing'].includes(status.state) && !(await closed(client, id))) return undefined;
      return await settled(client, id, taskQueue, status);
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
export function patience(now = Date.now): <T>(look: () => Promise<T>) => Promise<T | undefined> {
  let troubledSince: number | undefined;
  return async (look) => {
    try {
      const seen = await look();
      troubledSince = undefined;
      return seen;
    } catch (error) {
      if (error instanceof ClientError && error.exitCode === Exit.refused) throw error;
      troubledSince ??= now();
      if (now() - troubledSince > PATIENCE_MS) throw error;
      return undefined;
    }
  };
}

async function closed(client: Client, id: string): Promise<boolean> {
  return (await client.workflow.getHandle(id).describe()).status.name !== 'RUNNING';
}

/** The result carries more than the last look at a run that was about to close. */
async function settled(client: Client, id: string, taskQueue: string, seen: OperationStatus): Promise<OperationStatus> {
  if (seen.state === 'blocked') return seen;
  await client.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  return await operationStatus(client, id, taskQueue);
}

function onInterrupt(id: string): () => void {
  const leave = () => {
    stderr(`\nThe run goes on. See it again with: tenantry status ${id}`);
    process.exit(130);
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { OperationStatus } from '../../workflows/shared/status.js';
import { loadClientSettings } from '../config.js';
import { connect } from '../connection.js';
import { ClientError, Exit } from '../errors.js';
import { operationNamed, readOrder, startOperation } from '../operations.js';
import { operationStatus } from '../status.js';
import { stderr, stdout } from './output.js';
import { progressOn, type Progress } from './progress.js';

interface RunOptions {
  input: string;
  id?: string;
  wait: boolean;
  json?: boolean;
}

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1000;
const PATIENCE_MS = 30_000;

/** `tenantry run`: starts an operation, shows its progress, and says by the exit code how it ended. */
export async function run(operation: string, { input: file, id, wait, json = false }: RunOptions): Promise<number> {
  const entry = operationNamed(operation);
  const settings = loadClientSettings();
  const input = readInput(file);
  // an input that cannot be right is refused before anything is connected
  readOrder(entry, input);
  const client = await connect(settings);
  try {
    const started = await startOperation(client, { operation, input, taskQueue: settings.taskQueue, id });
    if (!wait) {
      stdout(json ? JSON.stringify(started) : `${started.joined ? 'joined' : 'started'} ${started.id}`);
      return Exit.done;
    }
    if (!json) stderr(`${started.joined ? 'joined' : 'started'} ${started.id}`);
    const forget = onInterrupt(started.id);
    const last = await follow(
      client,
      started.id,
      settings.taskQueue,
      progressOn(json ? process.stderr : process.stdout),
    );
    forget();
    if (json) stdout(JSON.stringify(last));
    return exitCode(last);
  } finally {
    await client.connection.close();
  }
}

/** Reads JSON from a file, or from standard input for "-". */
export function readInput(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw new ClientError(`The input file ${file} cannot be read: ${(error as Error).message}`, Exit.refused);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ClientError(
      `${file === '-' ? 'Standard input' : file} is no JSON: ${(error as Error).message}`,
      Exit.refused,
    );
  }
}

/** What the end of a run means to the program that asked for it. */
export function exitCode({ state }: OperationStatus): number {
  switch (state) {
    case 'completed':
      return Exit.done;
    case 'blocked':
      return Exit.blocked;
    case 'cancelled':
      return Exit.cancelled;
    default:
      return Exit.failed;
  }
}

async function follow(client: Client, id: string, taskQueue: string, progress: Progress): Promise<OperationStatus> {
  let pause = FIRST_PAUSE_MS;
  let trouble: { since: number; error: unknown } | undefined;
  for (;;) {
    try {
      const status = await operationStatus(client, id, taskQueue);
      trouble = undefined;
      progress.show(status);
      if (!['running', 'undoing'].includes(status.state) || (await closed(client, id)))
        return await settled(client, id, taskQueue, status);
    } catch (error) {
      // a worker or the server that is being restarted is no reason to give up
      trouble ??= { since: Date.now(), error };
      if (Date.now() - trouble.since > PATIENCE_MS) throw error;
    }
    await sleep(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Option } from 'commander';
import { commandFor } from '../../contract/commands.js';
import { durationMs } from '../../contract/durations.js';
import { TenantryError } from '../../contract/errors.js';
import type { OperationStatus } from '../../contract/status.js';
import { blockedAhead, viewOf } from '../../contract/view.js';
import { describeRun } from '../../vault/list-runs.js';
import { trackRun } from '../run-tracker.js';
import { operationStatus } from '../status.js';
import type { JsonOption } from './command.js';
import { Exit, exitCodeOf, exitCodes } from './exit-codes.js';
import { lastLine } from './made.js';
import { stderr, stdout } from './output.js';
import { parseDuration } from './parsers.js';
import { createProgress, type Progress } from './progress.js';

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1000;
const OUTAGE_MS = 30_000;
/** Nobody needs to know of a shorter failure. */
const BLIP_MS = 3000;

/** A grace that ends later is not waited for unless somebody says how long. */
const LONGEST_GRACE_MS = 600_000;

/** The run that began with this run id; without one, the last run of the workflow id. */
export interface Followed {
  id: string;
  runId?: string | undefined;
}

export interface ShowOptions extends JsonOption {
  quiet?: boolean;
}

/** How long to wait: a duration in words, not at all (`false`), or as long as it takes. */
export interface WaitOption {
  wait?: string | boolean;
}

/** `--wait 60s`; a command that has `--no-wait` adds that itself. */
export function waitOption(): Option {
  const how = 'how long to wait for the end, such as 60s; exit code 4 if it goes on then';
  return new Option('--wait <duration>', how).argParser(parseDuration);
}

/** When to stop following a run that goes on. */
export interface Patience {
  longestMs?: number;
  longestGraceMs?: number;
}

/**
 * Shows to its end a run that this command has started, or decided for. When it cannot be read here, that is no refusal
 * any more: the message says that it goes on.
 */
export async function showStarted(
  client: Client,
  run: Followed,
  taskQueue: string,
  { wait, ...form }: ShowOptions & WaitOption = {},
): Promise<number> {
  const patience = typeof wait === 'string' ? { longestMs: durationMs(wait) } : { longestGraceMs: LONGEST_GRACE_MS };
  try {
    return await showToEnd(client, run, taskQueue, { ...form, ...patience });
  } catch (error) {
    if (!(error instanceof TenantryError) || error.kind !== 'refused') throw error;
    const { status } = await describeRun(client, run.id, run.runId);
    const now = status.name === 'RUNNING' ? 'goes on' : `has ended (${status.name.toLowerCase()})`;
    throw new TenantryError('unavailable', `The run ${now}, but ${error.message}`, error);
  }
}

/**
 * Shows the progress of a run, then its final status, as JSON where asked, and at last what it has made. Returns the exit
 * code.
 */
export async function showToEnd(
  client: Client,
  run: Followed,
  taskQueue: string,
  { json = false, quiet = false, ...patience }: ShowOptions & Patience = {},
): Promise<number> {
  const progress = quiet ? silent : createProgress(json ? process.stderr : process.stdout);
  const last = await follow(client, run, taskQueue, progress, patience);
  if (json) stdout(JSON.stringify(last));
  else if (quiet) showIds(last);
  else await showMade(client, last);
  return goesOnInGrace(last, patience) ? Exit.done : exitCodeOf(last);
}

const silent: Progress = { show: () => undefined, end: () => undefined };

/** The ids of what a run has made; how it ended otherwise. */
function showIds(status: OperationStatus): void {
  const { tenantId, userId } = status;
  if (status.state !== 'completed') stderr(viewOf(status).headline);
  else for (const id of [tenantId, userId]) if (id !== undefined) stdout(id);
}

async function showMade(client: Client, status: OperationStatus): Promise<void> {
  const line = await lastLine(client, status);
  if (line !== undefined) stdout(line);
}

/**
 * Shows a run until it has ended or is blocked, or until patience is at its end. After Ctrl-C the run goes on. A run that
 * somebody starts later under the same id is another one.
 */
export async function follow(
  client: Client,
  { id, runId }: Followed,
  taskQueue: string,
  progress: Progress,
  patience: Patience = {},
): Promise<OperationStatus> {
  const stopListening = onInterrupt(`The run goes on. See it again with: ${commandFor(id, 'status')}`);
  const attempt = tolerateOutages();
  const standing = trackRun(client, id, runId);
  const isOver = after(patience.longestMs);
  const endOf = async () => {
    const now = { id, runId: (await standing()).runId };
    const status = await operationStatus(client, id, taskQueue, now.runId);
    if (blockedAhead(status) !== undefined) return status;
    const goesOn = isOpen(status) && !(await isClosed(client, now));
    if (!goesOn) return await finalStatus(client, now, taskQueue, status);
    if (isOver() || goesOnInGrace(status, patience)) return status;
    progress.show(status);
    return undefined;
  };
  try {
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
      const last = await attempt(endOf);
      if (last !== undefined) {
        progress.end(last);
        if (isOpen(last) && blockedAhead(last) === undefined) sayGoesOn(last, patience);
        return last;
      }
      await sleep(pause);
    }
  } finally {
    stopListening();
  }
}

function isOpen({ state }: OperationStatus): boolean {
  return state === 'running' || state === 'undoing';
}

/** True from so many milliseconds from now on; never without them. */
function after(ms = Number.POSITIVE_INFINITY): () => boolean {
  const end = performance.now() + ms;
  return () => performance.now() >= end;
}

/** True while an offboarding only waits, and longer than anybody looks at it. */
function goesOnInGrace({ state, grace }: OperationStatus, { longestGraceMs }: Patience): boolean {
  if (longestGraceMs === undefined || state !== 'running' || grace?.next === undefined) return false;
  return grace.until === undefined || Date.parse(grace.until) - Date.now() > longestGraceMs;
}

function sayGoesOn({ id, grace, state }: OperationStatus, { longestMs }: Patience): void {
  const until = grace?.until === undefined ? '' : ` until ${grace.until}`;
  const why = longestMs === undefined ? `The grace lasts${until || ' until "release"'}` : `It is ${state} still`;
  stderr(`${why}. The run goes on. See it again with: ${commandFor(id, 'status')}`);
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

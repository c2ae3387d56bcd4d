import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { RolloutCustomer, RolloutStatus } from '../../contract/rollout.js';
import { isRolloutOpen, rolloutStatus } from '../rollouts.js';
import { Exit } from './exit-codes.js';
import { onInterrupt, tolerateOutages } from './follow.js';
import { print, stdout } from './output.js';
import { createRedraw } from './redraw.js';
import { customerLine, rolloutText } from './rollout-text.js';

const PAUSE_MS = 1000;
/** The status of many customers is long: it is asked for a small part of the time only. */
const SHARE_OF_TIME = 5;

/**
 * Shows a rollout until it ends, or waits for a person; then its last status, as JSON where asked. Returns the exit code.
 * After Ctrl-C the rollout goes on. `known` is what the person has seen already.
 */
export async function followRollout(
  client: Client,
  { id, known = [] }: { id: string; known?: readonly RolloutCustomer[] },
  taskQueue: string,
  json: boolean,
): Promise<number> {
  const goOn = `The rollout goes on. See it again with: tenantry rollout status ${id}`;
  const show = createDisplay(json ? process.stderr : process.stdout, known);
  const status = await watchRollout(client, { id, taskQueue, goOn }, show);
  if (json) stdout(JSON.stringify(status));
  return rolloutExitCode(status);
}

/** Gives every new status of a rollout to `show`, until it ends or waits for a person. `goOn` is said after Ctrl-C. */
export async function watchRollout(
  client: Client,
  { id, taskQueue, goOn }: { id: string; taskQueue: string; goOn: string },
  show: (status: RolloutStatus) => void,
): Promise<RolloutStatus> {
  const stopListening = onInterrupt(goOn);
  const attempt = tolerateOutages();
  try {
    for (;;) {
      const began = performance.now();
      const status = await attempt(async () => await statusNow(client, id, taskQueue));
      if (status !== undefined) show(status);
      if (status !== undefined && status.state !== 'running') return status;
      await sleep(Math.max(PAUSE_MS, SHARE_OF_TIME * (performance.now() - began)));
    }
  } finally {
    stopListening();
  }
}

/** One that Temporal was told to cancel or terminate goes on no more, whatever it said last. */
async function statusNow(client: Client, id: string, taskQueue: string): Promise<RolloutStatus> {
  const status = await rolloutStatus(client, id, taskQueue);
  const isEnded = status.state === 'completed' || status.state === 'stopped';
  return isEnded || (await isRolloutOpen(client, id)) ? status : { ...status, state: 'stopped' };
}

/** The exit code of a command that has shown a rollout to this state. */
export function rolloutExitCode({ state, counts }: RolloutStatus): number {
  if (state === 'blocked') return Exit.blocked;
  if (state === 'stopped') return Exit.cancelled;
  return counts.failed > 0 ? Exit.failed : Exit.done;
}

type Display = (status: RolloutStatus) => void;

/** On a terminal the whole status, drawn again; in a pipe one line for each customer, once it has come out. */
function createDisplay(stream: NodeJS.WriteStream, known: readonly RolloutCustomer[]): Display {
  return stream.isTTY ? redrawing(stream) : appending(stream, known);
}

function redrawing(stream: NodeJS.WriteStream): Display {
  const redraw = createRedraw(stream);
  return (status) => redraw[status.state === 'running' ? 'show' : 'end'](rolloutText(status));
}

function appending(stream: NodeJS.WriteStream, known: readonly RolloutCustomer[]): Display {
  const said = new Map(known.map((one) => [one.ref, customerLine(one)]));
  return (status) => {
    for (const one of status.customers) {
      const line = customerLine(one);
      const hasEnded = one.outcome !== 'waiting' && one.outcome !== 'underWay';
      if (hasEnded && said.get(one.ref) !== line) print(stream, line);
      if (hasEnded) said.set(one.ref, line);
    }
    if (status.state !== 'running') print(stream, rolloutText(status));
  };
}

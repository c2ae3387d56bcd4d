import { clearScreenDown, cursorTo } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { waitsForText } from '../../contract/view.js';
import { withClient } from '../connection.js';
import { listOperations, type ListedRun } from '../list.js';
import { Exit } from './exit-codes.js';
import { showToEnd, tolerateOutages } from './follow.js';
import { runsTable, whyText } from './format.js';
import type { JsonOption } from './command.js';
import { stdout } from './output.js';

const PAUSE_MS = 1000;
/** Runs that have just ended are shown too. */
const RECENT_MS = 60_000;

/** `tenantry watch [ID]`: one run until it ends, or all runs until Ctrl-C. */
export async function watch(id: string | undefined, { json = false }: JsonOption): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    if (id !== undefined) return await showToEnd(client, { id }, taskQueue, { json });
    await watchAll(client, process.stdout.isTTY && !json ? redrawing() : appending(json), interruptSignal());
    return Exit.done;
  });
}

/** Shows what is open, or has ended within the last minute, until `stop` is aborted. */
export async function watchAll(
  client: Client,
  show: Show,
  stop: AbortSignal,
  { now = Date.now, monotonic = () => performance.now() } = {},
): Promise<void> {
  const attempt = tolerateOutages(monotonic);
  while (!stop.aborted) {
    const openSince = new Date(now() - RECENT_MS);
    const runs = await attempt(() => listOperations(client, { openSince }));
    if (runs !== undefined) show(runs);
    await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

function interruptSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

type Show = (runs: readonly ListedRun[]) => void;

/** The whole screen, drawn again each time. */
function redrawing(): Show {
  return (runs) => {
    cursorTo(process.stdout, 0, 0);
    clearScreenDown(process.stdout);
    stdout(`${new Date().toISOString()}  Ctrl-C ends this\n\n${runsTable(runs)}`);
  };
}

/** One line for each run that is new or has changed its state. */
function appending(json: boolean): Show {
  const last = new Map<string, string>();
  return (runs) => {
    for (const run of runs.toReversed()) {
      const key = `${run.id} ${run.startedAt}`;
      const state = `${run.state} ${waitsForText(run) ?? ''}`;
      if (last.get(key) === state) continue;
      last.set(key, state);
      stdout(json ? JSON.stringify(run) : [run.id, run.state, whyText(run)].join(' ').trimEnd());
    }
  };
}

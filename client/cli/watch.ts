import { clearScreenDown, cursorTo } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { loadClientSettings } from '../../settings/client.js';
import { connect } from '../connection.js';
import { Exit } from './exit-codes.js';
import { listOperations, type ListedRun } from '../list.js';
import { exitCode, follow, patience } from './follow.js';
import { runsTable } from './format.js';
import { stdout } from './output.js';
import { progressOn } from './progress.js';

interface WatchOptions {
  json?: boolean;
}

const PAUSE_MS = 1000;
/** What ended just before is shown too. */
const RECENT_MS = 60_000;

/** `tenantry watch [ID]`: one run until it ends, or all runs until Ctrl-C. */
export async function watch(id: string | undefined, { json = false }: WatchOptions): Promise<number> {
  const settings = loadClientSettings();
  const client = await connect(settings);
  try {
    if (id === undefined) {
      await watchAll(client, process.stdout.isTTY && !json ? drawn() : told(json), untilInterrupted());
      return Exit.done;
    }
    const progress = progressOn(json ? process.stderr : process.stdout);
    const last = await follow(client, { id }, settings.taskQueue, progress);
    if (json) stdout(JSON.stringify(last));
    return exitCode(last);
  } finally {
    await client.connection.close();
  }
}

/** Shows what is open, or ended within the last minute, until it is told to stop. */
export async function watchAll(client: Client, show: Show, stop: AbortSignal, now = Date.now): Promise<void> {
  const patiently = patience(now);
  while (!stop.aborted) {
    const openSince = new Date(now() - RECENT_MS);
    const runs = await patiently(() => listOperations(client, { openSince }));
    if (runs !== undefined) show(runs);
    await sleep(PAUSE_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}

function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

type Show = (runs: readonly ListedRun[]) => void;

/** The whole screen, drawn again at each look. */
function drawn(): Show {
  return (runs) => {
    cursorTo(process.stdout, 0, 0);
    clearScreenDown(process.stdout);
    stdout(`${new Date().toISOString()}  Ctrl-C ends this\n\n${runsTable(runs)}`);
  };
}

/** One line for each run that is new or has changed its state. */
function told(json: boolean): Show {
  const seen = new Map<string, string>();
  return (runs) => {
    for (const run of runs.toReversed()) {
      const key = `${run.id} ${run.startedAt}`;
      const waiting = run.waitsFor === undefined ? '' : `waits for ${run.waitsFor}`;
      const told = `${run.state} ${waiting}`;
      if (seen.get(key) === told) continue;
      seen.set(key, told);
      stdout(json ? JSON.stringify(run) : [run.id, run.state, waiting || (run.reason ?? '')].join(' ').trimEnd());
    }
  };
}

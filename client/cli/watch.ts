import { clearScreenDown, cursorTo } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { loadClientSettings } from '../config.js';
import { connect } from '../connection.js';
import { Exit } from '../errors.js';
import { listOperations, type ListedRun } from '../list.js';
import { exitCode, follow } from './follow.js';
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
    if (id === undefined) return await watchAll(client, json);
    const progress = progressOn(json ? process.stderr : process.stdout);
    const last = await follow(client, id, settings.taskQueue, progress);
    if (json) stdout(JSON.stringify(last));
    return exitCode(last);
  } finally {
    await client.connection.close();
  }
}

async function watchAll(client: Client, json: boolean): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const openSince = new Date(Date.now() - RECENT_MS);
  const show = process.stdout.isTTY && !json ? drawn() : told(json);
  while (!stop.signal.aborted) {
    show(await listOperations(client, { openSince }));
    await sleep(PAUSE_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  }
  return Exit.done;
}

type Show = (runs: readonly ListedRun[]) => void;

/** The whole screen, drawn anew at each look. */
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
      if (seen.get(key) === run.state) continue;
      seen.set(key, run.state);
      stdout(json ? JSON.stringify(run) : [run.id, run.state, run.reason ?? ''].join(' ').trimEnd());
    }
  };
}

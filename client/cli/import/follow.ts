import type { Client } from '@temporalio/client';
import type { RolloutStatus } from '../../../contract/rollout.js';
import { importResults, type ImportResult } from '../../import-results.js';
import { createCounter } from '../counter.js';
import { stderr, stdout } from '../output.js';
import { rolloutExitCode, watchRollout } from '../rollout-follow.js';
import { rolloutText } from '../rollout-text.js';
import { createImportDisplay } from './progress.js';
import { writeResults } from './result-file.js';
import type { NumberedRow } from './rows-file.js';

/** An import, and where its results go. */
export interface FollowedImport {
  id: string;
  taskQueue: string;
  cloud: string | undefined;
  rows: readonly NumberedRow[];
  file: string;
  result: string;
  json?: boolean;
}

/** Shows an import until it ends or waits for a person; then its results. Returns the exit code. Ctrl-C ends only this. */
export async function followImport(client: Client, followed: FollowedImport): Promise<number> {
  const { id, taskQueue, file } = followed;
  const display = createImportDisplay(process.stderr);
  const goOn = `The import goes on. See it again with: tenantry import ${file}. End it with: tenantry rollout stop ${id} --reason "…"`;
  const status = await watchRollout(client, { id, taskQueue, goOn }, (now) => display.show(now)).finally(() =>
    display.end(),
  );
  return await showResults(client, status, followed);
}

/** Writes the result of every row, and shows how the import stands. Returns the exit code. */
export async function showResults(client: Client, status: RolloutStatus, followed: FollowedImport): Promise<number> {
  const { rows, result, json = false, cloud, taskQueue, file } = followed;
  const lines = new Map(rows.map(({ line, row }) => [row.customer.ref, line]));
  const counter = createCounter(process.stderr);
  const onRead = (done: number) => counter.show(done, `${done} of ${rows.length} results read`);
  const asked = { cloud, taskQueue, lineOf: (ref: string) => lines.get(ref)!, onRead };
  const results = await importResults(client, status.customers, asked).finally(() => counter.end());
  if (json) stdout(JSON.stringify(jsonOf(status, result, results)));
  else stdout(rolloutText(status));
  await writeResults(result, results);
  if (status.state === 'blocked')
    stderr(`remove what the rows failed for, then begin once more with them: tenantry import ${file} --retry`);
  if (status.state === 'stopped') stderr(`go on with the other rows: tenantry import ${file}`);
  const unread = results.filter(({ outcome, state }) => outcome === 'done' && state === undefined).length;
  if (unread > 0) stderr(`${unread} customers have not answered: the same command writes their state later`);
  stderr(`the outcome of every row: ${result}`);
  return rolloutExitCode(status);
}

function jsonOf(
  { customers: _named, ...status }: RolloutStatus,
  result: string,
  rows: readonly ImportResult[],
): object {
  return { ...status, result, rows };
}

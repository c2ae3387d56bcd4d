import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NOT_REPLAYED = 'WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR';

/**
 * Throws if Temporal could not replay one of these histories at some time: its run had stopped for good. The histories of
 * such runs are kept for whoever looks for the cause.
 */
export function expectNoneStuck(histories: Iterable<readonly [name: string, history: string]>): void {
  const stuck = [...histories].filter(([, history]) => history.includes(NOT_REPLAYED));
  if (stuck.length === 0) return;
  const folder = mkdtempSync(join(tmpdir(), 'tenantry-stuck-'));
  for (const [at, [, history]] of stuck.entries()) writeFileSync(join(folder, `${at}.json`), history);
  throw new Error(`could not be replayed: ${stuck.map(([name]) => name).join(', ')}; the histories are in ${folder}`);
}

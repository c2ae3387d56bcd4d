import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { catalogue } from '../../catalogue/index.js';
import type { OperationStatus } from '../../contract/status.js';
import { expectSoon } from './desk.js';
import { unlikeItsName, type History } from './ends-of-histories.js';
import { startTestEnvironment } from './test-environment.js';
import { happyInput, internal, prepared, scenesOf, type Scene } from './recorded-scenes.js';

/**
 * Records runs as this version makes them: `node dist/test/support/record-histories.js VERSION [TYPE…]`; every workflow type unless some
 * are named. Recorded runs are never removed.
 */
const [version, ...named] = process.argv.slice(2);
const clone = fileURLToPath(new URL('../../../', import.meta.url));
if (version === undefined) throw new Error('usage: record-histories VERSION [TYPE…]');

for (const operation of named.length > 0 ? named : [...Object.keys(catalogue), ...Object.keys(internal)]) {
  const folder = fileURLToPath(new URL(`../../../test/histories/${operation}/`, import.meta.url));
  await mkdir(folder, { recursive: true });
  const own = internal[operation];
  const scenes: Scene[] = own ?? [['happy', happyInput(operation)], ['invalid', {}], ...scenesOf(operation)];
  for (const scene of scenes)
    await writeFile(`${folder}${version}-${scene[0]}.json`, `${await record(operation, scene)}\n`);
}

/** One run in a world of its own. */
async function record(
  operation: string,
  [name, input, route, fault, { before, beside, meanwhile } = {}]: Scene,
): Promise<string> {
  const env = await startTestEnvironment(prepared[operation] ?? prepared['']!);
  if (before !== undefined) await env.run(...before);
  if (beside !== undefined) {
    const other = await env.begin(...beside);
    await expectSoon(async () => (await other.query<OperationStatus>('status')).grace !== undefined);
  }
  if (route !== undefined && fault !== undefined) env.simulator.faults.next(route, fault);
  const handle = await env.begin(operation, input, `recorded-${operation}-${name}`);
  if (name === 'cancelled') {
    await expectSoon(async () => env.simulator.journal.calls(route).length > 0);
    await handle.cancel();
  }
  await meanwhile?.(handle);
  await handle.result().catch(() => undefined);
  const history = historyToJSON(await handle.fetchHistory());
  await env.close();
  const amiss = unlikeItsName(name, JSON.parse(history) as History);
  if (amiss !== undefined) throw new Error(`${operation} ${name}: ${amiss}`);
  // stack traces say where this clone lies, which is nobody's business
  return history.replaceAll(clone, '/');
}

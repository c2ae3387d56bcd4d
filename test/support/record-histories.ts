import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { catalogue } from '../../catalogue/index.js';
import type { OperationStatus } from '../../contract/status.js';
import { storedSecrets } from './activities.js';
import { actorKeys } from './actor-keys.js';
import { changedFiles, factOf, readFacts } from './fact-reader.js';
import { waitUntil } from './runs.js';
import { wrongEnd, type History } from './expected-ends.js';
import { startTestEnvironment } from './test-environment.js';
import { happyInput, internalScenarios, fixtures, scenariosOf, type Scenario } from './recorded-scenarios.js';

/**
 * Records histories of runs with this version: `node dist/test/support/record-histories.js VERSION [TYPE[/SCENARIO]…]`.
 * Without types it records all of them. Recorded histories are never deleted.
 */
const [version, ...named] = process.argv.slice(2);
const clone = fileURLToPath(new URL('../../../', import.meta.url));
if (version === undefined) throw new Error('usage: record-histories VERSION [TYPE[/SCENARIO]…]');

/** What every sender says. */
const truth = { facts: [factOf('C-1')], notices: ['a person must decide'], ignored: [] };

for (const type of named.length > 0 ? named : [...Object.keys(catalogue), ...Object.keys(internalScenarios)]) {
  const [operation = '', only] = type.split('/');
  const folder = fileURLToPath(new URL(`../../../test/histories/${operation}/`, import.meta.url));
  await mkdir(folder, { recursive: true });
  const own = internalScenarios[operation];
  const scenarios: Scenario[] = own ?? [['happy', happyInput(operation)], ['invalid', {}], ...scenariosOf(operation)];
  for (const scenario of scenarios.filter(([name]) => only === undefined || name === only))
    await writeFile(`${folder}${version}-${scenario[0]}.json`, `${await record(operation, scenario)}\n`);
}

/** Records one run in a new test environment. */
async function record(
  operation: string,
  [name, input, route, fault, { before, parallel, meanwhile } = {}]: Scenario,
): Promise<string> {
  // the run before has stored secrets for a tenant of its own world
  storedSecrets.clear();
  const env = await startTestEnvironment(fixtures[operation] ?? fixtures['']!, {
    readFacts,
    readTerms: changedFiles.readTerms,
    answers: true,
    actorKeys,
    truth: {
      readTruth: async () => truth,
      readAccount: async () => 'account',
      readPage: async ({ after }) => ({ ...truth, listed: 1, ...(after === undefined && { next: '1' }) }),
    },
  });
  if (before !== undefined) await env.run(...before);
  if (parallel !== undefined) {
    const other = await env.begin(...parallel);
    await waitUntil(async () => (await other.query<OperationStatus>('status')).grace !== undefined);
  }
  if (route !== undefined && fault !== undefined) env.simulator.faults.next(route, fault);
  const handle = await env.begin(operation, input, `recorded-${operation}-${name}`);
  if (name === 'cancelled') {
    await waitUntil(async () => env.simulator.journal.calls(route).length > 0);
    await handle.cancel();
  }
  await meanwhile?.(handle);
  await handle.result().catch(() => undefined);
  const history = historyToJSON(await handle.fetchHistory());
  await env.close();
  const problem = wrongEnd(name, JSON.parse(history) as History);
  if (problem !== undefined) throw new Error(`${operation} ${name}: ${problem}`);
  // stack traces contain the path of this clone, which is private
  return history.replaceAll(clone, '/');
}

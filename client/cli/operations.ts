import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { catalogue, inputSchema } from '../../catalogue/index.js';
import { withClient } from '../connection.js';
import { checkWorkflowId, readOrder, startOperation, type StartedRun } from '../operations.js';
import { toCsv } from '../rows-as-csv.js';
import { operationNamed } from './operation-named.js';
import type { CliCommand, ListForm } from './command.js';
import { Exit } from './exit-codes.js';
import { showStarted, waitOption, type ShowOptions, type WaitOption } from './follow.js';
import { inputOf, takesInput, type InputOptions } from './set-fields.js';
import { stderr, stdout } from './output.js';
import { table } from './table.js';
import { checkPlan, showPlan } from './plan.js';

interface RunOptions extends InputOptions, ShowOptions, WaitOption {
  id?: string;
  plan?: string;
  dryRun?: boolean;
}

/** The commands about what can be run. */
export function addOperations(top: CliCommand): void {
  takesInput(top.command('run <operation>').description('start an operation and show its progress'))
    .option('--id <id>', 'workflow id OPERATION:KEY, instead of the one made from the business key')
    .option('--plan <hash>', 'refuse unless it would do exactly what "tenantry plan" has shown')
    .option('--dry-run', 'only show what it would do, as "tenantry plan" does')
    .addOption(waitOption())
    .option('--no-wait', 'return as soon as it is started')
    .quiet('the ids of what it has made; with --no-wait the id of the run')
    .json()
    .handler(run)
    .exitCodes(
      '0 done, 1 unreachable or internal (also a port in use), 2 input or usage refused (also an order that differs from a finished one), 3 undone or failed, 4 blocked, 5 cancelled',
    )
    .examples(
      'run provisionCustomer --input examples/provisionCustomer.json',
      'run provisionCustomer --input - --no-wait --json < order.json',
      'run provisionCustomer --input order.json --set customer.name="Other, Inc" --set customer.customerId=other --wait 60s',
    );
  top
    .command('schema <operation>')
    .description('JSON Schema and an example of an input')
    .handler(schema)
    .examples('schema provisionCustomer');
  top.command('operations').description('list the operations').list().handler(operations).examples('operations');
}

/** `tenantry run`: starts an operation and shows its progress. The exit code says how it ended. */
async function run(operation: string, options: RunOptions): Promise<number> {
  const { id, plan, dryRun = false, wait, json = false, quiet = false } = options;
  const entry = operationNamed(operation);
  const input = await inputOf(entry, options);
  if (dryRun) return await showPlan(operation, input, json);
  // a wrong input is refused before anything is connected
  readOrder(entry, input);
  if (id !== undefined) checkWorkflowId(operation, id);
  if (plan !== undefined) await checkPlan(plan, operation, input);
  return await withClient(async (client, { taskQueue }) => {
    const started = await startOperation(client, { operation, input, taskQueue, id, startedBy: userInfo().username });
    if (wait === false) {
      stdout(json ? JSON.stringify(started) : quiet ? started.id : startedText(started));
      return Exit.done;
    }
    if (!json && !quiet) stderr(startedText(started));
    return await showStarted(client, started, taskQueue, { json, quiet, ...(wait !== undefined && { wait }) });
  });
}

function startedText({ id, joined }: StartedRun): string {
  return `${joined ? 'joined' : 'started'} ${id}`;
}

/** `tenantry schema OPERATION`: the schema of the input, and a complete example. */
function schema(operation: string): number {
  const entry = operationNamed(operation);
  const file = new URL(`../../../examples/${operation}.json`, import.meta.url);
  const example = JSON.parse(readFileSync(file, 'utf8')) as unknown;
  stdout(JSON.stringify({ schema: inputSchema(entry), example }, null, 2));
  return Exit.done;
}

/** `tenantry operations`: by name. */
function operations({ json, csv }: ListForm): number {
  const all = Object.values(catalogue)
    .map(({ name, summary }) => ({ name, summary }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = all.map(({ name, summary }) => [name, summary]);
  if (csv) stdout(toCsv(['name', 'summary'], all));
  else stdout(json ? JSON.stringify(all) : table(['OPERATION', 'DOES'], rows));
  return Exit.done;
}

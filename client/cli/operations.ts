import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { catalogue, inputSchema } from '../../catalogue/index.js';
import { withClient } from '../connection.js';
import { checkWorkflowId, readOrder, startOperation, type StartedRun } from '../operations.js';
import { operationNamed } from './operation-named.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { showStarted } from './follow.js';
import { readInput } from './parsers.js';
import { stderr, stdout, table } from './output.js';
import { checkPlan } from './plan.js';

interface RunOptions extends JsonOption {
  input: string;
  id?: string;
  plan?: string;
  wait: boolean;
}

/** The commands about what can be run. */
export function addOperations(top: CliCommand): void {
  top
    .command('run <operation>')
    .description('start an operation and show its progress')
    .required('--input <file>', 'JSON file with the input, or - for standard input')
    .option('--id <id>', 'workflow id OPERATION:KEY, instead of the one made from the business key')
    .option('--plan <hash>', 'refuse unless it would do exactly what "tenantry plan" has shown')
    .option('--no-wait', 'return as soon as it is started')
    .json()
    .handler(run)
    .exitCodes(
      '0 done, 1 unreachable or internal (also a port in use), 2 input or usage refused (also an order that differs from a finished one), 3 undone or failed, 4 blocked, 5 cancelled',
    )
    .examples(
      'run provisionCustomer --input examples/provisionCustomer.json',
      'run provisionCustomer --input - --no-wait --json < order.json',
    );
  top
    .command('schema <operation>')
    .description('JSON Schema and an example of an input')
    .handler(schema)
    .examples('schema provisionCustomer');
  top.command('operations').description('list the operations').json().handler(operations).examples('operations');
}

/** `tenantry run`: starts an operation and shows its progress. The exit code says how it ended. */
async function run(operation: string, { input: file, id, plan, wait, json = false }: RunOptions): Promise<number> {
  const entry = operationNamed(operation);
  const input = await readInput(file);
  // a wrong input is refused before anything is connected
  readOrder(entry, input);
  if (id !== undefined) checkWorkflowId(operation, id);
  if (plan !== undefined) await checkPlan(plan, operation, input);
  return await withClient(async (client, { taskQueue }) => {
    const started = await startOperation(client, { operation, input, taskQueue, id, startedBy: userInfo().username });
    if (!wait) {
      stdout(json ? JSON.stringify(started) : startedText(started));
      return Exit.done;
    }
    if (!json) stderr(startedText(started));
    return await showStarted(client, started, taskQueue, json);
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
function operations({ json }: JsonOption): number {
  const all = Object.values(catalogue)
    .map(({ name, summary }) => ({ name, summary }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const rows = all.map(({ name, summary }) => [name, summary]);
  stdout(json ? JSON.stringify(all) : table(['OPERATION', 'DOES'], rows));
  return Exit.done;
}

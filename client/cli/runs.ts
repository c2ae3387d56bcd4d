import type { Command } from 'commander';
import { operationStates } from '../../contract/status.js';
import { withClient } from '../connection.js';
import { listBlocked, listOperations, type ListOptions } from '../list.js';
import { operationStatus } from '../status.js';
import { customer } from './customer.js';
import { Exit } from './exit-codes.js';
import { blockedText, runsTable, statusText } from './format.js';
import { jsonOption, withExamples, type Handle, type JsonOption } from './options.js';
import { stdout } from './output.js';
import { explain } from './remedies.js';
import { watch } from './watch.js';

/** The commands that show runs. */
export function addRuns(top: Command, handle: Handle): void {
  addStatus(top, handle);
  addList(top, handle);
  withExamples(
    top
      .command('customer <customer>')
      .description('the whole history of one customer: its runs in order, what goes on, and what comes next')
      .option('--cloud <name>', 'the cloud to ask about the customer; the default one unless given')
      .option(...jsonOption)
      .addHelpText(
        'after',
        '\nName a customer by its tenant id, its name, your customer id, external reference or business key.',
      )
      .action(handle(customer)),
    'customer "Customer, Inc"',
    'customer customer-inc --json',
  );
  withExamples(
    top
      .command('watch [id]')
      .description('see one run, or all of them, live')
      .option(...jsonOption)
      .action(handle(watch)),
    'watch',
    'watch provisionCustomer:customer-inc',
  );
}

function addStatus(top: Command, handle: Handle): void {
  withExamples(
    top
      .command('status <id>')
      .description('what is going on in a run, or how it ended')
      .option(...jsonOption)
      .addHelpText(
        'after',
        '\nExit codes: 0 shown, whatever its state; 1 Temporal or its worker does not answer; 2 there is no such run, or its key is not here',
      )
      .action(handle(status)),
    'status provisionCustomer:customer-inc',
  );
}

function addList(top: Command, handle: Handle): void {
  withExamples(
    top
      .command('list')
      .description('list the runs')
      .option('--state <state>', `only runs that are ${operationStates.join(', ')}`)
      .option('--customer <id>', 'all runs of one customer: its tenant id, external reference, business key or name')
      .option(...jsonOption)
      .addHelpText(
        'after',
        '\nExit codes: 0 listed, also when there are none; 1 Temporal does not answer; 2 usage refused',
      )
      .action(handle(list)),
    'list --state blocked',
    'list --customer customer-inc --json',
  );
}

/** `tenantry status ID` */
async function status(id: string, { json }: JsonOption): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const found = await operationStatus(client, id, taskQueue);
    stdout(json ? JSON.stringify(found) : statusText(found));
    return Exit.done;
  });
}

/** `tenantry list` */
async function list({ json, ...filter }: ListOptions & JsonOption): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    if (filter.state === 'blocked') {
      const blocked = await listBlocked(client, filter, taskQueue, explain);
      stdout(json ? JSON.stringify(blocked) : blockedText(blocked));
      return Exit.done;
    }
    const runs = await listOperations(client, filter);
    stdout(json ? JSON.stringify(runs) : runsTable(runs));
    return Exit.done;
  });
}

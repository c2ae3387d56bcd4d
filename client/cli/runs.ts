import { withClient } from '../connection.js';
import { operationStatus } from '../status.js';
import type { CliCommand, JsonOption } from './command.js';
import { customer } from './customer.js';
import { addCustomerRequests, addCustomers } from './customer-requests.js';
import { Exit } from './exit-codes.js';
import { statusText } from './format.js';
import { addList } from './list-runs.js';
import { lastLine } from './made.js';
import { stdout } from './output.js';
import { watch } from './watch.js';

/** The commands that show runs. */
export function addRuns(top: CliCommand): void {
  top
    .command('status <id>')
    .description('the steps of a run and its state, or how it ended')
    .json()
    .handler(status)
    .exitCodes(
      '0 shown, whatever its state; 1 Temporal or its worker does not answer; 2 there is no such run, or its encryption key is missing here',
    )
    .examples('status provisionCustomer:customer-inc');
  addList(top);
  addCustomer(top);
  top
    .command('watch [id]')
    .description('see one run, or all of them, live')
    .json()
    .handler(watch)
    .examples('watch', 'watch provisionCustomer:customer-inc');
}

/** The commands about customers. */
function addCustomer(top: CliCommand): void {
  const one = top
    .command('customer <customer>')
    .description('one customer: what is sold to it and what follows; else the history of its tenant, run by run')
    .option('--cloud <name>', 'the cloud to ask about the customer; the default one unless given')
    .json()
    .handler(customer)
    .addHelpText(
      'after',
      '\nName a customer by the reference that your sources give it. Name a tenant by its id, its name, your customer id, external reference or business key.',
    )
    .examples(
      'customer "Customer, Inc"',
      'customer customer-inc --json',
      'customer pause C-1001 --reason "on holiday"',
    );
  addCustomerRequests(one);
  addCustomers(top);
}

/** `tenantry status ID` */
async function status(id: string, { json }: JsonOption): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const found = await operationStatus(client, id, taskQueue);
    stdout(json ? JSON.stringify(found) : statusText(found));
    const line = json ? undefined : await lastLine(client, found);
    if (line !== undefined) stdout(line);
    return Exit.done;
  });
}

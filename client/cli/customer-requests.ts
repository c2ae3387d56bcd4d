import { Option } from 'commander';
import { customerStates } from '../../contract/customers.js';
import type {
  AcceptedRequest,
  CustomerRequest,
  CustomerRequestName,
  NamedAdministrator,
} from '../../contract/customer-requests.js';
import { readCustomerRequest } from '../../catalogue/customer-requests.js';
import { TenantryError } from '../../contract/errors.js';
import { FailureType } from '../../contract/failures.js';
import { asSentence } from '../../contract/misspellings.js';
import { withClient } from '../connection.js';
import { listCustomers, type ListedCustomer } from '../customer-list.js';
import { toCsv } from '../rows-as-csv.js';
import { searchHere } from '../search/search-here.js';
import { askCustomer, customerStatus } from '../customers.js';
import type { CliCommand, JsonOption, ListForm, ReasonOptions } from './command.js';
import { customerText } from './customer-text.js';
import { Exit } from './exit-codes.js';
import { parseAdministrator } from './parsers.js';
import { showState, stderr, stdout } from './output.js';
import { table } from './table.js';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { awaitAloud } from './waiting.js';

interface RequestOptions extends JsonOption, ReasonOptions {
  cloud?: string;
  until?: string;
  tenant?: string;
  fields?: string[];
  create?: boolean;
  subscription?: string;
  to?: string;
  administrator?: NamedAdministrator;
}

interface RequestCommand {
  description: string;
  /** What the example has after the reference. */
  example?: string;
  options?: (command: CliCommand) => void;
}

const until = (command: CliCommand) =>
  void command.option('--until <time>', 'when it ends by itself, such as 2026-12-31T00:00:00Z');

const requests: Record<CustomerRequestName, RequestCommand> = {
  act: { description: 'end the observation: do what is sold from now on' },
  pause: { description: 'read facts, but start nothing, until "resume"', options: until },
  hold: { description: 'disable and delete nothing, until "resume"', options: until },
  resume: { description: 'end "pause" and "hold"' },
  adopt: {
    description: 'make an existing tenant the one of the customer, and change nothing in it',
    example: ' --tenant 3f1c0a52-6a0e-4b55-9b0e-1f2d3c4b5a69',
    options: (command) => void command.required('--tenant <id>', 'the id of the tenant'),
  },
  release: { description: 'forget the tenant: nothing is deleted, and nothing is created' },
  converge: {
    description: 'look at the tenant and try again',
    example: ' --fields quotas.storage',
    options: (command) =>
      void command
        .option(
          '--fields <field...>',
          'changed fields to overwrite, or questions to say yes to, separated by commas or blanks',
        )
        .option('--create', 'create a tenant although one like it exists')
        .option(
          '--administrator <person>',
          'who becomes the administrator, where the plan asks: JSON with email and, if you like, firstName, lastName, login; or none',
          parseAdministrator,
        ),
  },
  move: {
    description: 'say whose a subscription is that another customer has heard of too; nothing is moved in the cloud',
    example: ' --subscription shop/sub_1 --to C-1002',
    options: (command) =>
      void command
        .required('--subscription <source/id>', 'the subscription, such as shop/sub_1')
        .required('--to <customer>', 'who gets it; the customer itself if it stays'),
  },
  offboard: { description: 'confirm the end of a customer that has nothing sold' },
};

/** The commands by which a person steers a customer; `parent` is the command `customer`. */
export function addCustomerRequests(parent: CliCommand): void {
  for (const [name, { description, example = '', options }] of Object.entries(requests)) {
    const command = parent.command(`${name} <customer>`).description(description).reason('decides');
    options?.(command);
    command
      .option('--cloud <name>', 'the cloud of the customer; the default one unless given')
      .json()
      .handler((ref: string, given: RequestOptions) => ask(name as CustomerRequestName, ref, given))
      .exitCodes('0 accepted; 1 Temporal or its worker does not answer; 2 refused, or there is no such customer')
      .examples(`customer ${name} C-1001${example} --reason "agreed with Jane"`);
  }
}

/** `tenantry customers` */
export function addCustomers(top: CliCommand): void {
  top
    .command('customers')
    .description('list customers known from sources')
    .addOption(new Option('--state <state>', 'only customers in this state').choices(customerStates))
    .option('--search <text>', 'part of the name, reference, tenant id or subscription, or the beginning of a login')
    .list()
    .quiet('the reference of each customer')
    .handler(list)
    .exitCodes('0 listed, also when there are none; 1 Temporal does not answer; 2 usage refused')
    .examples('customers', 'customers --state blocked --json', 'customers --search C-10');
}

async function ask(name: CustomerRequestName, ref: string, options: RequestOptions): Promise<number> {
  const {
    reason,
    actor,
    cloud,
    json,
    until: end,
    tenant,
    fields: named,
    create,
    subscription,
    to,
    administrator,
  } = options;
  const fields: Omit<CustomerRequest, 'actor'> = {
    reason,
    ...(end !== undefined && { until: end }),
    ...(tenant !== undefined && { tenantId: tenant }),
    ...(named && { fields: named.flatMap((one) => one.split(',')).filter((one) => one !== '') }),
    ...(create && { create }),
    ...(subscription !== undefined && { subscription }),
    ...(to !== undefined && { to }),
    ...(administrator !== undefined && { administrator }),
  };
  checkOptions(name, fields);
  return await withClient(async (client, { taskQueue }) => {
    const asking: Promise<AcceptedRequest> = askCustomer(client, { ref, cloud, name, actor, fields }, taskQueue);
    const accepted = await awaitAloud(client, { id: customerWorkflowId(ref, cloud), taskQueue }, asking);
    if (json) stdout(JSON.stringify(accepted));
    else {
      stderr(`${name} accepted for ${ref}`);
      await showState(async () => {
        const status = await customerStatus(client, { ref, cloud }, taskQueue);
        return status && customerText(status);
      });
    }
    return Exit.done;
  });
}

/** Refuses before anything is connected, and names the options instead of the fields. */
function checkOptions(name: CustomerRequestName, fields: Omit<CustomerRequest, 'actor'>): void {
  const reading = readCustomerRequest(name, fields);
  if (!('problems' in reading)) return;
  const problems = reading.problems.map(({ path, message }) => ({ path: optionFor(path), message }));
  const named = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new TenantryError('refused', asSentence(named), { type: FailureType.InvalidInput, problems });
}

function optionFor(path: string): string {
  return path === 'tenantId' ? '--tenant' : `--${path.replaceAll(/\.\d+/g, '')}`;
}

async function list({
  json,
  csv,
  quiet,
  state,
  search,
}: ListForm & { state?: string; search?: string }): Promise<number> {
  return await withClient(async (client, { taskQueue }) => {
    const find = async (filter: { search: string; state?: string | undefined }) => {
      const { items, missing } = await searchHere(client, taskQueue).find(filter);
      for (const sentence of missing) stderr(sentence);
      return items;
    };
    const found = search === undefined ? await listCustomers(client, { state }) : await find({ search, state });
    if (json) stdout(JSON.stringify(found));
    else if (csv) stdout(toCsv(FIELDS, found.map(toRow)));
    else if (quiet) for (const { id, ref } of found) stdout(ref ?? id);
    else if (found.length === 0) stdout('no customers');
    else {
      const rows = found.map(({ id, ref, state: is, tenantId, name }) => [ref ?? id, is, tenantId ?? '', name ?? '']);
      const isNamed = found.some(({ name }) => name !== undefined);
      stdout(
        isNamed
          ? table([...headings, 'NAME'], rows)
          : table(
              headings,
              rows.map((row) => row.slice(0, -1)),
            ),
      );
    }
    return Exit.done;
  });
}

const headings = ['CUSTOMER', 'STATE', 'TENANT'];

const FIELDS = ['id', 'ref', 'cloud', 'state', 'tenantId', 'name', 'since'] as const satisfies (keyof ListedCustomer)[];

/** CSV has no absent fields. */
function toRow(customer: ListedCustomer): Record<(typeof FIELDS)[number], string | null> {
  return Object.fromEntries(FIELDS.map((field) => [field, customer[field] ?? null])) as never;
}

import type { Client } from '@temporalio/client';
import { TenantryError } from '../../contract/errors.js';
import { DEFAULT_CLOUD } from '../../contract/ids.js';
import { SOURCE_NAME } from '../../contract/source-sync.js';
import { loadSourcesPath } from '../../settings/sources.js';
import { applyAdoption } from '../adoption/apply.js';
import { planAdoption, type AdoptionPlan, type Selection } from '../adoption/plan.js';
import { withClient } from '../connection.js';
import { adoptionText, answersText } from './adoption-text.js';
import { checkApplied, type ApplyOptions, type CliCommand, type JsonOption } from './command.js';
import { findSource } from './events.js';
import { createCounter } from './counter.js';
import { readCustomersCsv } from './customers-csv.js';
import { Exit } from './exit-codes.js';
import { stderr, stdout } from './output.js';

interface AdoptOptions extends JsonOption, ApplyOptions {
  from?: string;
  source?: string;
  cloud?: string;
}

/** The command that links customers to tenants that exist. */
export function addAdopt(top: CliCommand): void {
  top
    .command('adopt')
    .description('link customers known from sources to tenants that exist; changes nothing in a tenant')
    .option('--from <file>', 'CSV file with the columns reference, and perhaps tenantId and name; - is standard input')
    .option('--source <name>', 'the customers of a source instead')
    .applied('link them; without it the plan is only shown')
    .option('--cloud <name>', 'the cloud of the customers; that of the source, or the default one, unless given')
    .json()
    .handler(adopt)
    .exitCodes(
      '0 shown, or linked; 1 Temporal, its worker or the cloud does not answer; 2 usage or file refused; 3 a customer has refused its tenant',
    )
    .examples(
      'adopt --source shop',
      'adopt --source shop --apply --reason "day of migration"',
      'adopt --from customers.csv',
    );
}

async function adopt(options: AdoptOptions): Promise<number> {
  const { reason, actor, json } = options;
  checkOptions(options);
  const selection = await selectionOf(options);
  return await withClient(async (client, { taskQueue }) => {
    const plan = await showingProgress(client, { ...selection, taskQueue });
    if (!json) stdout(adoptionText(plan));
    if (isUnchecked(selection, plan))
      stderr(`Nothing is known of a source ${options.source}: set TENANTRY_SOURCES, and its name is checked here`);
    if (plan.unread > 0)
      stderr(
        `${plan.unread} customer(s) have facts that no worker has read yet: one with TENANTRY_SOURCES and TENANTRY_PLANS reads them`,
      );
    if (reason === undefined) {
      if (json) stdout(JSON.stringify(plan));
      else if (plan.customers.some(({ outcome }) => outcome === 'link'))
        stderr('nothing is linked yet: --apply --reason "…" links them');
      return Exit.done;
    }
    return await link(client, plan, { actor, reason, taskQueue, json });
  });
}

/** Whether the name of a source may be a wrong one. */
function isUnchecked(selection: Selection, { customers, linked = 0, unread }: AdoptionPlan): boolean {
  const found = customers.length + linked + unread;
  return 'source' in selection && found === 0 && loadSourcesPath() === undefined;
}

function checkOptions({ from, source, ...given }: AdoptOptions): void {
  const refuse = (message: string) => {
    throw new TenantryError('refused', message);
  };
  if ((from === undefined) === (source === undefined)) refuse('Give either --from or --source.');
  if (source !== undefined && !SOURCE_NAME.test(source)) refuse(`${source} is not the name of a source.`);
  checkApplied(given);
}

async function selectionOf({ from, source, cloud }: AdoptOptions): Promise<Selection & { cloud: string }> {
  if (from === undefined) return { source: source!, cloud: cloud ?? (await cloudOf(source!)) ?? DEFAULT_CLOUD };
  const { customers, unread } = await readCustomersCsv(from);
  if (unread.length > 0) stderr(`columns that are not read: ${unread.join(', ')}`);
  return { rows: customers, cloud: cloud ?? DEFAULT_CLOUD };
}

/** Where the customers of a source are. Refuses a name that is not in sources.json, where this program knows that file. */
async function cloudOf(source: string): Promise<string | undefined> {
  return loadSourcesPath() === undefined ? undefined : (await findSource(source)).cloud;
}

async function showingProgress(client: Client, asked: Parameters<typeof planAdoption>[1]): Promise<AdoptionPlan> {
  const counter = createCounter(process.stderr);
  try {
    return await planAdoption(client, asked, {
      onCustomers: (done, all) => counter.show(done, `${done} of ${all} customers without a tenant read`),
      onTenants: (done) => counter.show(done, `${done} tenants listed`),
    });
  } finally {
    counter.end();
  }
}

async function link(
  client: Client,
  plan: AdoptionPlan,
  { json, ...decision }: { actor: string; reason: string; taskQueue: string; json: boolean | undefined },
): Promise<number> {
  const counter = createCounter(process.stderr);
  const onDone = (done: number, all: number) => counter.show(done, `${done} of ${all} customers asked`);
  const asking = applyAdoption(client, plan, { ...decision, onDone });
  const answers = await asking
    .finally(() => counter.end())
    .catch((error: unknown) => {
      stderr('some customers may have their tenant already; the same command goes on with the others');
      throw error;
    });
  stdout(json ? JSON.stringify({ ...plan, answers }) : answersText(answers));
  return answers.some(({ refused }) => refused !== undefined) ? Exit.failed : Exit.done;
}

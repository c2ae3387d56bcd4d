import { amountText } from '../../contract/amounts.js';
import { TenantryError } from '../../contract/errors.js';
import { readPlans, type SalesPlan, type SalesPlans } from '../../sales-plans/plans-file.js';
import { loadPlansPath } from '../../settings/plans.js';
import { unusable } from '../../settings/watched-file.js';
import type { CliCommand, JsonOption } from './command.js';
import { Exit } from './exit-codes.js';
import { stdout, table } from './output.js';
import { readInput } from './parsers.js';

/** The commands about sales plans. */
export function addPlans(top: CliCommand): void {
  const plans = top.command('plans').description('what the things sold mean').examples('plans check');
  plans
    .command('check [file]')
    .description('check plans.json: the file, or the one that TENANTRY_PLANS names')
    .json()
    .handler(checkPlans)
    .exitCodes('0 usable, 2 not')
    .examples('plans check', 'plans check examples/plans.json');
}

/** `tenantry plans check`: every problem of the file, or its plans. */
async function checkPlans(file: string | undefined, { json }: JsonOption): Promise<number> {
  const { plans } = await loadPlans(file);
  const rows = Object.values(plans).map((plan) => [plan.name, whatOf(plan), quotasOf(plan), soldAs(plan)]);
  stdout(json ? JSON.stringify({ plans }) : table(['PLAN', 'HAS', 'QUOTAS', 'SOLD AS'], rows));
  return Exit.done;
}

/** The plans of the file, or of the one that TENANTRY_PLANS names. Refused, with every problem, when it cannot be used. */
export async function loadPlans(file: string | undefined): Promise<SalesPlans> {
  const path = file ?? loadPlansPath();
  if (path === undefined)
    throw new TenantryError('refused', 'No sales plans are configured: set TENANTRY_PLANS to the path of plans.json.');
  const result = readPlans(await readInput(path));
  if ('problems' in result) throw unusable(path, result.problems);
  return result;
}

function whatOf({ edition, offeringItems, billingMode, retired }: SalesPlan): string {
  const edit = edition === undefined ? [] : [`edition ${edition}`];
  return [...edit, ...offeringItems, billingMode, ...(retired ? ['retired'] : [])].join(', ');
}

function quotasOf({ quotas }: SalesPlan): string {
  const texts = Object.entries(quotas).map(([item, quota]) => {
    const amount = 'perUnit' in quota ? quota.perUnit : quota.limit;
    return `${item} ${amountText(amount)}${'perUnit' in quota ? ' each' : ''}`;
  });
  return texts.length === 0 ? 'unlimited' : texts.join(', ');
}

function soldAs({ sold }: SalesPlan): string {
  return Object.entries(sold)
    .flatMap(([source, products]) => products.map(({ product }) => `${source} ${product}`))
    .join(', ');
}

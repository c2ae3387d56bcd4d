import { amountText } from '../../contract/amounts.js';
import type { SalesPlan } from '../../sales-plans/plans-file.js';
import type { CliCommand, JsonOption } from './command.js';
import { loadPlans } from './event-files.js';
import { Exit } from './exit-codes.js';
import { reportFindings } from './findings.js';
import { stdout } from './output.js';
import { table } from './table.js';
import { configuredSources, findingsOfPlans, placedPlans } from './plan-check.js';
import { problemsOfOffers } from './plan-offers.js';
import { addPlansApply } from './plans-apply.js';
import { explainCloudErrors } from '../../lookups/index.js';

/** The commands about sales plans. */
export function addPlans(top: CliCommand): void {
  const plans = top
    .command('plans')
    .description('what the things sold mean')
    .examples('plans check', 'plans apply --all');
  plans
    .command('check [file]')
    .description(
      'check plans.json, and the sources and clouds that it names: the file, or the one that TENANTRY_PLANS names',
    )
    .option('--online', 'also ask the clouds whether they offer these items, editions and storages; changes nothing')
    .json()
    .handler(checkPlans)
    .exitCodes('0 usable, 2 not; with --online also 1 a cloud does not answer or refuses the API client')
    .examples('plans check', 'plans check examples/plans.json', 'plans check --online');
  addPlansApply(plans);
}

interface PlanCheckOptions extends JsonOption {
  /** Also asks the clouds. */
  online?: boolean;
}

/** `tenantry plans check`: every problem of the file and of what it names, or its plans. */
async function checkPlans(file: string | undefined, { online, json }: PlanCheckOptions): Promise<number> {
  const { path, content } = await loadPlans(file);
  const { plans } = content;
  const found = await findingsOfPlans(content);
  const placed = placedPlans(plans, await configuredSources());
  const notOffered = online ? await explainCloudErrors(() => problemsOfOffers(placed)) : [];
  reportFindings(path, { ...found, problems: [...found.problems, ...notOffered] });
  const { warnings, unchecked } = found;
  const rows = Object.values(plans).map((plan) => [plan.name, whatOf(plan), quotasOf(plan), soldAs(plan)]);
  stdout(json ? JSON.stringify({ plans, warnings, unchecked }) : table(['PLAN', 'HAS', 'QUOTAS', 'SOLD AS'], rows));
  return Exit.done;
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

import { factOfRow } from '../../../catalogue/imported-rows.js';
import { problemsOfFact } from '../../../catalogue/facts.js';
import { email } from '../../../catalogue/input.js';
import { language, tenantName } from '../../../catalogue/new-tenant.js';
import { plainWords } from '../../../catalogue/wording.js';
import { subscriptionStates, type SoldItem, type SubscriptionState } from '../../../contract/facts.js';
import type { ImportedRow } from '../../../contract/imported-rows.js';
import { didYouMean } from '../../../contract/misspellings.js';
import type { SalesPlans } from '../../../sales-plans/plans-file.js';
import { readTime, type DayPart } from '../../../sources/times.js';
import type { ImportCells, ImportColumn } from './columns.js';
import { problemsOfCells } from './spreadsheet-cells.js';

/** What the cells are checked against. */
export interface ImportContext {
  /** The name of the source of which the rows become facts. */
  source: string;
  timezone: string;
  plans: SalesPlans;
}

/** Takes the problem of one column. */
type Report = (column: ImportColumn, message: string) => void;

const DATES = [
  ['since', 'start'],
  ['until', 'end'],
  ['trialEnd', 'end'],
] as const satisfies [ImportColumn, DayPart][];

/** Characters of a cell that a problem shows. */
const SHOWN = 60;

const text = {
  name: tenantName('customer'),
  email: email(),
  language: language(),
} as const;

/** What a row says, or every problem of it as `column: problem`. */
export function readRow(cells: ImportCells, context: ImportContext): { row: ImportedRow } | { problems: string[] } {
  const problems = problemsOfCells(cells);
  const report: Report = (column, message) => {
    // what is no value has no other problem
    if (!problems.some((one) => one.startsWith(`${column}: `))) problems.push(`${column}: ${message}`);
  };
  const row = toRow(cells, context, report);
  if (problems.length === 0) problems.push(...problemsAsFact(row, context));
  return problems.length > 0 ? { problems } : { row };
}

function toRow(cells: ImportCells, context: ImportContext, report: Report): ImportedRow {
  const { reference = '', name, email: address, firstName, lastName, login, subscription = reference } = cells;
  const code = cells.language?.length === 2 ? cells.language.toLowerCase() : cells.language;
  if (reference === '') report('reference', 'is missing');
  check('name', name, report);
  check('email', address, report);
  if (code !== undefined) check('language', code, report);
  const state = stateOf(cells, report);
  const times = DATES.map(([column, part]) => [column, timeOf(cells, column, part, context, report)] as const);
  const { since, until } = Object.fromEntries(times);
  if (since !== undefined && until !== undefined && until < since) report('until', 'is before since');
  const contact = { email: address ?? '', firstName, lastName };
  return withoutUndefined({
    customer: { ref: reference, name, language: code, contact, login },
    subscription: {
      ref: subscription,
      items: itemsOf(cells, state, context, report),
      state,
      ...Object.fromEntries(times),
    },
  }) as ImportedRow;
}

function check(column: keyof typeof text, cell: string | undefined, report: Report): void {
  if (cell === undefined) return report(column, 'is missing');
  const { error } = text[column].safeParse(cell, { error: plainWords });
  for (const { message } of error?.issues.slice(0, 1) ?? [])
    report(column, `${message}, and is ${cell.slice(0, SHOWN)}`);
}

/** As people write it: in any case, with a blank or a hyphen; active where nothing is said. */
function stateOf({ state }: ImportCells, report: Report): SubscriptionState {
  const written = state?.toLowerCase().replaceAll(/[\s-]/g, '_') ?? 'active';
  const known = subscriptionStates.find((one) => one === written);
  if (known === undefined) report('state', `must be one of ${subscriptionStates.join(', ')}, and is ${state}`);
  return known ?? 'active';
}

function timeOf(
  cells: ImportCells,
  column: (typeof DATES)[number][0],
  part: DayPart,
  { timezone }: ImportContext,
  report: Report,
): string | undefined {
  const { [column]: cell } = cells;
  if (cell === undefined) return undefined;
  const time = readTime(cell, timezone, part);
  if (time === undefined) report(column, `must be a date such as 2026-11-28, or a time with a zone, and is ${cell}`);
  return time;
}

/** Only a subscription that has ended may have nothing. */
function itemsOf(cells: ImportCells, state: SubscriptionState, context: ImportContext, report: Report): SoldItem[] {
  const { plan, product } = cells;
  if (plan !== undefined && product !== undefined) report('product', 'cannot stand beside plan: leave one of them out');
  else if (plan !== undefined) checkPlan(plan, context, report);
  else if (product !== undefined) checkProduct(product, context, report);
  else if (state === 'ended') return [];
  else report('plan', 'is missing: name a plan, or a product');
  return [withoutUndefined({ plan, product, quantity: quantityOf(cells, state, context, report) }) as SoldItem];
}

function checkPlan(plan: string, context: ImportContext, report: Report): void {
  const { plans } = context.plans;
  if (Object.hasOwn(plans, plan)) return;
  const remedy = productsIn(context).includes(plan) ? '; it is a product: put it into the column product' : '';
  report('plan', `there is no plan ${plan} in plans.json${remedy || didYouMean(plan, Object.keys(plans))}`);
}

function productsIn({ source, plans: { plans } }: ImportContext): string[] {
  return Object.values(plans).flatMap(({ sold }) => (sold[source] ?? []).map(({ product }) => product));
}

function checkProduct(product: string, context: ImportContext, report: Report) {
  const known = productsIn(context);
  if (known.includes(product) || context.plans.unknownProduct === 'ignore') return;
  const { source } = context;
  const remedy = `let a plan of plans.json have "sold": {"${source}": ["${product}"]}, or name the plan`;
  report('product', `no plan says what ${product} means${didYouMean(product, known) || `: ${remedy}`}`);
}

/** What counts by units cannot go without their number. */
function quantityOf(
  { plan, product, quantity }: ImportCells,
  state: SubscriptionState,
  { source, plans: { plans } }: ImportContext,
  report: Report,
): number | undefined {
  if (quantity !== undefined) {
    if (/^\d{1,10}$/.test(quantity)) return Number(quantity);
    report('quantity', `must be a whole number, and is ${quantity}`);
    return undefined;
  }
  const counting = Object.values(plans).find(
    ({ name, sold, quotas }) =>
      (name === plan || (sold[source] ?? []).some((one) => one.product === product)) &&
      Object.values(quotas).some((quota) => 'perUnit' in quota),
  );
  if (counting !== undefined && state !== 'ended') report('quantity', `is missing: ${counting.name} counts by units`);
  return undefined;
}

/** What only the customer would refuse: too long, or no valid text. */
function problemsAsFact(row: ImportedRow, { source }: ImportContext): string[] {
  const fact = factOfRow(row, { source, at: new Date().toISOString() });
  return problemsOfFact(fact).map(({ path, message }) => `${columnAt(path)}: ${message}`);
}

function columnAt(path: string): string {
  if (path === 'customer.ref') return 'reference';
  return path === 'subscription.ref' ? 'subscription' : path.split('.').at(-1)!;
}

function withoutUndefined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}

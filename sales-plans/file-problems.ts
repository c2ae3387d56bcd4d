import type { InputProblem } from '../contract/errors.js';
import { didYouMean } from '../contract/misspellings.js';
import type { AmountUnit } from '../contract/amounts.js';
import type { PlansFile } from './plans-file.js';

/** What is wrong between the parts of a file that are each valid. */
export function problemsAcross({ plans, defaults }: PlansFile): InputProblem[] {
  const problems: InputProblem[] = [];
  const unitOf = new Map<string, { unit: AmountUnit; plan: string }>();
  for (const [name, { quotas, offeringItems = [], edition, loginPattern, sold }] of Object.entries(plans)) {
    for (const [item, quota] of Object.entries(quotas)) {
      const path = `plans.${name}.quotas.${item}`;
      const amount = 'limit' in quota && quota.limit ? quota.limit : quota.perUnit!;
      const first = unitOf.get(item) ?? { unit: amount.unit, plan: name };
      unitOf.set(item, first);
      if (first.unit !== amount.unit)
        problems.push({ path, message: `is in ${amount.unit}, but in ${first.unit} in the plan ${first.plan}` });
      if (quota.overage !== undefined && quota.overage.unit !== amount.unit)
        problems.push({ path: `${path}.overage`, message: `must be in ${amount.unit}, like the limit` });
      if (edition === undefined && !offeringItems.includes(item))
        problems.push({ path, message: notOfPlan(item, offeringItems) });
    }
    problems.push(...soldTwice(name, sold), ...patternProblems(`plans.${name}.loginPattern`, loginPattern));
  }
  return [...patternProblems('defaults.loginPattern', defaults.loginPattern), ...problems];
}

function notOfPlan(item: string, items: readonly string[]): string {
  const meant = didYouMean(item, items);
  return `is a quota of an item that this plan does not have${meant || ': add it to offeringItems'}`;
}

/** Only one of two entries would count. */
function soldTwice(plan: string, sold: PlansFile['plans'][string]['sold']): InputProblem[] {
  return Object.entries(sold).flatMap(([source, products]) =>
    products
      .filter(({ product }, at) => products.findIndex((other) => other.product === product) < at)
      .map(({ product }) => ({ path: `plans.${plan}.sold.${source}`, message: `names the product ${product} twice` })),
  );
}

/** Logins are unique in a whole cloud, so a fixed one fits one customer. */
function patternProblems(path: string, pattern: string | undefined): InputProblem[] {
  if (pattern === undefined) return [];
  const others = pattern.replaceAll(/\{(email|ref)\}/g, '');
  if (others === pattern) return [{ path, message: 'must have {email} or {ref}, because logins are unique' }];
  return /[{}]/.test(others) ? [{ path, message: 'may use {email} and {ref} only' }] : [];
}

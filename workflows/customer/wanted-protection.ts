import type { NotDone } from '../../contract/customers.js';
import type { PlanTemplate } from '../../contract/plan-templates.js';
import { MOST_AGENTS, type PlanTerms, type ProtectTerms } from '../../contract/sales-plans.js';

/** How the machines of a customer are to be protected. */
export interface WantedProtection {
  template: PlanTemplate;
  /** How many machines are expected. */
  agents: number;
}

interface Units {
  terms: Pick<PlanTerms, 'name' | 'rank' | 'protect'>;
  quantity: number;
}

/**
 * What the plans of one customer say about its machines: the template of the plan with the highest rank, and of the plans
 * with that template the highest number of machines. Of equal ranks the first template by name counts, and `setAside` says so.
 */
export function protectionOf(units: readonly Units[]): { protect?: WantedProtection; setAside: NotDone[] } {
  const asking = totals(units).filter(({ agents }) => agents > 0);
  const top = Math.max(...asking.map(({ rank }) => rank));
  const best = [...new Set(asking.filter(({ rank }) => rank === top).map(({ template }) => template))].toSorted();
  const [template] = best;
  if (template === undefined) return { setAside: [] };
  const agents = Math.max(...asking.filter((one) => one.template === template).map((one) => one.agents));
  const why = `the templates ${best.join(' and ')} are sold together, and ${template} counts: give their plans different ranks`;
  return { protect: { template, agents }, setAside: best.length > 1 ? [{ field: 'protect', why }] : [] };
}

/** What is asked for by each plan; one that several subscriptions have counts with all their units. */
function totals(units: readonly Units[]): (WantedProtection & { rank: number })[] {
  const byPlan = new Map<string, { rank: number; protect: ProtectTerms; quantity: number }>();
  for (const { terms, quantity } of units) {
    const { name, rank, protect } = terms;
    if (protect !== undefined)
      byPlan.set(name, { rank, protect, quantity: quantity + (byPlan.get(name)?.quantity ?? 0) });
  }
  return [...byPlan.values()].map(({ rank, protect: { template, agents = 1 }, quantity }) => {
    return { rank, template, agents: agents === 'quantity' ? Math.min(quantity, MOST_AGENTS) : agents };
  });
}

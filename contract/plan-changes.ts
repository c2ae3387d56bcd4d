import type { CustomerState, NotDone } from './customers.js';
import type { DecisionRequest } from './decisions.js';
import type { PlanTerms } from './sales-plans.js';

/** The query of a customer for the plans of its subscriptions: a list of `PlanVersion`. */
export const PLANS_QUERY = 'plans';
/** Its query for what other terms would change: one argument, a list of `OfferedTerms`; the answer is `PlanChanges`. */
export const PLAN_CHANGES_QUERY = 'planChanges';
/** The Update by which its subscriptions get these terms: one argument, a `PlansRequest`. */
export const APPLY_PLANS = 'applyPlans';

/** The terms of a plan that a source sells. The digest changes when their meaning changes. */
export interface PlanVersion {
  source: string;
  plan: string;
  digest: string;
}

/** The terms that a plan of this source has by `plans.json`. */
export interface OfferedTerms {
  source: string;
  terms: PlanTerms;
}

/** What a person asks for: these versions of plans count for the subscriptions that have the plans. */
export interface PlansRequest extends DecisionRequest {
  plans: readonly PlanVersion[];
  /** The rollout that asks. */
  rollout?: string;
}

/** The answer of a customer that has taken them. */
export interface AppliedPlans {
  /** The names of the plans whose terms have changed for it; none when it had these terms already. */
  plans: string[];
  /** True: it is only observed, so nothing is done for it. */
  observed?: true;
}

/** A value that would change. Absent means none: a quota that is absent is unlimited. */
export interface FieldChange {
  field: string;
  from?: unknown;
  to?: unknown;
}

/** What other terms would change for one customer. */
export interface PlanChanges {
  ref: string;
  name?: string;
  state: CustomerState;
  /** Absent while there is none: then it would be created by the new placement. */
  tenantId?: string;
  /** The names of the plans whose terms would change. */
  plans: string[];
  /** What the tenant should be. */
  tenant: FieldChange[];
  /** Rules and limits that would count from then on: `<plan>.<field>`. */
  rules: FieldChange[];
  /** Where and how the customer is created: `<plan>.placement.<field>`. A tenant stays where it is. */
  placement: FieldChange[];
  /** What a person would be asked. */
  asks: NotDone[];
}

/** Why these are no versions of plans; undefined when they are. Anybody may send anything. */
export function planVersionsProblem(plans: unknown): string | undefined {
  if (!Array.isArray(plans) || plans.length === 0) return 'plans: must name the plans';
  if (plans.length > MOST_VERSIONS) return `plans: are more than ${MOST_VERSIONS}`;
  const isVersion = (one: Partial<Record<keyof PlanVersion, unknown>> | null) =>
    [one?.source, one?.plan, one?.digest].every((text) => typeof text === 'string' && text.length <= MOST_CHARACTERS);
  return plans.every(isVersion) ? undefined : 'plans: each must have source, plan and digest';
}

const MOST_VERSIONS = 1000;
const MOST_CHARACTERS = 100;

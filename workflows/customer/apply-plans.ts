import {
  ActivityFailure,
  ApplicationFailure,
  defineQuery,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { Activities } from '../../activities/index.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { toSummary } from '../../contract/markdown.js';
import {
  APPLY_PLANS,
  PLAN_CHANGES_QUERY,
  PLANS_QUERY,
  planVersionsProblem,
  type AppliedPlans,
  type OfferedTerms,
  type PlanChanges,
  type PlansRequest,
  type PlanVersion,
} from '../../contract/plan-changes.js';
import { checkActorAndReason, refuseDecision as refuse } from '../decisions/refusals.js';
import type { Actor } from './actor.js';
import type { Situation } from './intention.js';
import { fits, type CustomerMemory } from './memory.js';
import { changesOfTerms, changesOfWanted, newVersions, plansInUse, withTerms } from './plan-changes.js';
import { wantedBy } from './untaken.js';

/** A worker reads a changed file within 15 seconds. */
const { readPlanTerms } = proxyActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: '20 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '5 seconds' },
});

interface Remembering {
  memory: () => CustomerMemory;
  status: () => CustomerStatus;
  remember: (ledger: CustomerMemory['ledger']) => void;
}

/**
 * Lets the subscriptions of a customer get other terms of their plans, once a person has seen what that changes. A repeat
 * does no harm.
 */
export function acceptPlans(actor: Actor, { memory, status, remember }: Remembering): void {
  setHandler(defineQuery<PlanVersion[]>(PLANS_QUERY), () => plansInUse(memory().ledger), {
    description: 'The plans of its subscriptions, each with the digest of its terms',
  });
  setHandler(
    defineQuery<PlanChanges, [OfferedTerms[]]>(PLAN_CHANGES_QUERY),
    (offered) => changesFor(status(), { situation: actor.situation, memory: memory() }, offered),
    { description: 'What other terms of its plans would change: a list of {"source", "terms"}. Changes nothing' },
  );
  setHandler(
    defineUpdate<AppliedPlans, [PlansRequest]>(APPLY_PLANS),
    async ({ plans, rollout }) => {
      const versions = newVersions(memory().ledger, plans);
      if (versions.length > 0) {
        const after = withTerms(memory().ledger, await termsOf(versions));
        if (!fits(after)) refuse('what is sold under this reference does not fit any more with these plans');
        remember(after);
        if (typeof rollout === 'string') actor.progress = { ...actor.progress, isBulk: true };
        actor.ask();
      }
      const names = [...new Set(versions.map(({ plan }) => plan))];
      return { plans: names, ...(!actor.progress.acts && { observed: true }) };
    },
    {
      description: 'Take these versions of its plans: {"actor", "reason", "plans": [{"source", "plan", "digest"}]}',
      validator: (request) => {
        checkActorAndReason(request);
        const problem = planVersionsProblem(request.plans);
        if (problem !== undefined) refuse(problem);
      },
    },
  );
}

function changesFor(
  { ref, state, tenantId, wanted: { name } }: CustomerStatus,
  { situation, memory }: { situation: Situation; memory: CustomerMemory },
  offered: readonly OfferedTerms[],
): PlanChanges {
  const after = wantedBy({ ...memory, ledger: withTerms(memory.ledger, offered) }, Date.now());
  return {
    ref,
    ...(name !== undefined && { name }),
    state,
    ...(tenantId !== undefined && { tenantId }),
    ...changesOfTerms(memory.ledger, offered),
    ...changesOfWanted(situation, after),
  };
}

/** The terms as they were shown to the person, from a worker that has them. */
async function termsOf(versions: PlanVersion[]): Promise<OfferedTerms[]> {
  const summary = toSummary(`What do these plans mean? ${versions.map(({ plan }) => plan).join(', ')}`);
  try {
    return await readPlanTerms.executeWithOptions({ summary }, [versions]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    const { cause } = error;
    return refuse(cause instanceof ApplicationFailure ? cause.message : 'no worker has read the plans in time');
  }
}

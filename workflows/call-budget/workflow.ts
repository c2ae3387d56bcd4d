import {
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  ASK_LEASE_SIGNAL,
  CALL_BUDGET_QUERY,
  LEASE_QUERY,
  type CallBudgetStart,
  type CallBudgetStatus,
  type GrantedLease,
} from '../../contract/call-budget.js';
import { FailureType } from '../../contract/failures.js';
import { autoUpgrade } from '../kernel/new-versions.js';
import { onSignal } from '../kernel/signals.js';
import { readAsk } from './asks.js';
import { ask, leaseOf, memoryFrom, statusOf, type BudgetMemory } from './ledger.js';

/** A longer history makes the budget continue as new, so that any worker can replay it quickly. */
const MAX_EVENTS = 1000;

/**
 * Divides the calls of one cloud among the workers. A worker asks by signal and reads its lease by query. It never ends;
 * it can be terminated, but not cancelled: then the next ask begins a new one.
 */
export async function callBudget(start: CallBudgetStart | undefined, carried?: BudgetMemory | null): Promise<void> {
  if (typeof start?.cloud !== 'string' || start.cloud === '')
    throw ApplicationFailure.nonRetryable('cloud: is missing: it names the cloud', FailureType.InvalidInput);
  await CancellationScope.nonCancellable(async () => await keepBudget(start, memoryFrom(carried)));
}

autoUpgrade(callBudget);

async function keepBudget(start: CallBudgetStart, carried: BudgetMemory): Promise<never> {
  let memory = carried;
  onSignal(ASK_LEASE_SIGNAL, (content: unknown) => {
    const question = readAsk(content);
    if (question !== undefined) memory = ask(memory, question, Date.now());
  });
  setHandler(defineQuery<GrantedLease | null, [string]>(LEASE_QUERY), (worker) => leaseOf(memory, worker), {
    description: 'The lease of a worker',
  });
  setHandler(defineQuery<CallBudgetStatus>(CALL_BUDGET_QUERY), () => statusOf(start.cloud, memory, Date.now()), {
    description: 'How many calls per second each worker may make, and until when',
  });
  await condition(mustContinueAsNew);
  return await continueAsNew<typeof callBudget>(start, memory);
}

function mustContinueAsNew(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength > MAX_EVENTS;
}

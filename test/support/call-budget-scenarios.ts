import type { WorkflowHandle } from '@temporalio/client';
import {
  ASK_LEASE_SIGNAL,
  CALL_BUDGET_QUERY,
  LEASE_QUERY,
  type CallBudgetStatus,
  type GrantedLease,
  type LeaseAsk,
} from '../../contract/call-budget.js';
import type { Scenario } from './recorded-scenarios.js';
import { waitUntil } from './runs.js';

/** What is recorded of a budget. */
export const callBudgetScenarios: Scenario[] = [
  ['invalid', {}],
  ['leased', { cloud: 'default' }, undefined, undefined, { meanwhile: lease }],
];

const ask: LeaseAsk = { worker: 'a', callsPerSecond: 10, urgent: 0, bulk: 50, nth: 1, uses: 0 };

/** Two workers ask, one gives its lease back, and somebody terminates it. */
async function lease(budget: WorkflowHandle): Promise<void> {
  const leased = async (worker: string, nth: number) =>
    (await budget.query<GrantedLease | null, [string]>(LEASE_QUERY, worker))?.nth === nth;
  await budget.signal(ASK_LEASE_SIGNAL, ask);
  await waitUntil(async () => await leased('a', 1));
  await budget.signal(ASK_LEASE_SIGNAL, { ...ask, worker: 'b' });
  await waitUntil(async () => await leased('b', 1));
  await budget.signal(ASK_LEASE_SIGNAL, { ...ask, nth: 2, uses: 1 });
  await waitUntil(async () => await leased('a', 2));
  await budget.signal(ASK_LEASE_SIGNAL, { ...ask, bulk: 0, nth: 3, uses: 2 });
  await waitUntil(async () => (await budget.query<CallBudgetStatus>(CALL_BUDGET_QUERY)).workers.length < 2);
  await budget.terminate();
}

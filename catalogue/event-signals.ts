import { CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStart } from '../contract/customers.js';
import type { Fact } from '../contract/facts.js';
import { CHANGED_OBJECT_WORKFLOW, CHANGES_SIGNAL, type ObjectChange } from '../contract/source-objects.js';
import { customerWorkflowId, entityKey } from './customer-id.js';

/** All facts about one customer. */
export interface CustomerFacts {
  ref: string;
  cloud?: string | undefined;
  facts: readonly Fact[];
}

/** All changes of one object of a source. Objects of several types can have one id. */
export interface ObjectChanges {
  source: string;
  id: string;
  changes: readonly ObjectChange[];
}

/** What Temporal's client needs for it, besides the task queue. */
interface EventSignal {
  type: string;
  workflowId: string;
  args: unknown[];
  signal: string;
  signalArgs: unknown[];
  workflowIdConflictPolicy: 'USE_EXISTING';
  workflowIdReusePolicy: 'ALLOW_DUPLICATE';
  workflowTaskTimeout: '5 seconds';
}

/** The signal goes to the workflow that is open, or to a new one. */
const toOpenOrNew = {
  workflowIdConflictPolicy: 'USE_EXISTING',
  workflowIdReusePolicy: 'ALLOW_DUPLICATE',
  // what a dead worker has begun waits this long, instead of ten seconds
  workflowTaskTimeout: '5 seconds',
} as const;

/** How facts get to the workflow of their customer, which begins with them where there is none. */
export function factsSignal({ ref, cloud, facts }: CustomerFacts): EventSignal {
  const start: CustomerStart = { ref, ...(cloud !== undefined && { cloud }) };
  const workflowId = customerWorkflowId(ref, cloud);
  const signal = { signal: FACTS_SIGNAL, signalArgs: [facts] };
  return { ...toOpenOrNew, type: CUSTOMER_WORKFLOW, workflowId, args: [start], ...signal };
}

/** How changes get to the short workflow `source:<name>:<object id>`, which reads the truth about them. */
export function changesSignal({ source, id, changes }: ObjectChanges): EventSignal {
  const workflowId = `source:${source}:${entityKey(id)}`;
  const signal = { signal: CHANGES_SIGNAL, signalArgs: [changes] };
  return { ...toOpenOrNew, type: CHANGED_OBJECT_WORKFLOW, workflowId, args: [{ source }], ...signal };
}

/** The facts by customer, in the order in which they came. */
export function byCustomer(facts: readonly Fact[], cloud: string | undefined): CustomerFacts[] {
  return [...grouped(facts, ({ customer }) => customer.ref)].map(([ref, all]) => ({ ref, cloud, facts: all }));
}

/** The changes by object, in the order in which they came. */
export function byObject(changes: readonly ObjectChange[], source: string): ObjectChanges[] {
  return [...grouped(changes, ({ object }) => object.id)].map(([id, all]) => ({ source, id, changes: all }));
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import { customerWorkflowId } from '../../catalogue/customer-id.js';
import { CUSTOMER_QUERY, CUSTOMER_WORKFLOW, FACTS_SIGNAL, type CustomerStatus } from '../../contract/customers.js';
import type { AcceptedRequest, CustomerRequest, CustomerRequestName } from '../../contract/customer-requests.js';
import type { Fact, SubscriptionFact } from '../../contract/facts.js';
import { waitUntil } from './runs.js';
import type { OperationEnvironment } from './operation-environment.js';

type Sold = Partial<SubscriptionFact> & { quantity?: number; version?: number };

/** How a customer begins; `at`: the time of its first fact, a recent one unless given. */
interface Beginning {
  customer?: object;
  source?: string;
  ref?: string;
  cloud?: string;
  at?: string;
}

/** One customer of the source `store`, and what happens to it. */
export interface TestCustomer {
  ref: string;
  handle: WorkflowHandle;
  status(): Promise<CustomerStatus>;
  /** Waits until the status satisfies a condition, and answers it. */
  until(fits: (status: CustomerStatus) => boolean): Promise<CustomerStatus>;
  /** A newer fact about its subscription. */
  tell(sold: Sold, customer?: object): Promise<void>;
  ask(name: CustomerRequestName, request?: Partial<CustomerRequest>): Promise<AcceptedRequest>;
}

/** The id of the subscription of a customer: no two customers have one. */
export const subscriptionOf = (ref: string) => `s1 of ${ref}`;

export const aReference = () => `C-${randomUUID().slice(0, 8)}`;

/** Makes customers that workers act for. */
export function customersIn(env: OperationEnvironment) {
  let minutes = 0;
  const factAbout = (
    ref: string,
    { quantity = 25, version, ...sold }: Sold,
    customer: object,
    source: string,
  ): Fact => {
    minutes += 1;
    const login = `admin@${ref.toLowerCase()}.example`;
    return {
      source,
      event: { id: `evt-${minutes}`, type: 'customer.subscription.updated' },
      at: new Date(Date.now() - 24 * 3_600_000 + minutes * 60_000).toISOString(),
      ...(version !== undefined && { version }),
      customer: { ref, name: `Customer ${ref}`, contact: { email: login, firstName: 'Ann' }, ...customer },
      subscription: {
        ref: subscriptionOf(ref),
        items: [{ product: 'price_desktop', quantity }],
        state: 'active',
        ...sold,
      },
    };
  };
  /** Begins a customer with a fact, of `store` unless another source is named. */
  return async function aCustomer(
    sold: Sold = {},
    { customer = {}, source = 'store', ref = aReference(), cloud, at }: Beginning = {},
  ): Promise<TestCustomer> {
    const handle = await env.client.workflow.signalWithStart(CUSTOMER_WORKFLOW, {
      workflowId: customerWorkflowId(ref, cloud),
      taskQueue: env.taskQueue,
      args: [{ ref, ...(cloud && { cloud }) }],
      signal: FACTS_SIGNAL,
      signalArgs: [[{ ...factAbout(ref, sold, customer, source), ...(at !== undefined && { at }) }]],
    });
    const status = () => handle.query<CustomerStatus>(CUSTOMER_QUERY);
    return {
      ref,
      handle,
      status,
      async until(fits) {
        let last!: CustomerStatus;
        await waitUntil(async () => fits((last = await status())));
        return last;
      },
      tell: async (more, about = {}) => await handle.signal(FACTS_SIGNAL, [factAbout(ref, more, about, source)]),
      ask: async (name, request = {}) =>
        await handle.executeUpdate<AcceptedRequest, [CustomerRequest]>(name, {
          args: [{ actor: 'ann', reason: 'because', ...request }],
        }),
    };
  };
}

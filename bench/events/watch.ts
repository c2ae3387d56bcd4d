import { customerStatus } from '../../client/customers.js';
import type { CustomerStatus } from '../../contract/customers.js';
import { timed } from '../figures.js';
import { findCustomers, type FoundCustomers } from './found.js';
import type { Installation } from './installation.js';
import { differences, faultsOnTheWay, type OnTheWay } from './judge.js';
import type { WantedCustomer } from './model.js';

const QUERIES_AT_ONCE = 8;
export const TASK_QUEUE = 'tenantry';

/** Looks at the vendor again and again, and compares it with the model. */
export class Watch {
  /** What was wrong at any time, each once. */
  readonly faults = new Set<string>();
  private found: FoundCustomers = new Map();

  constructor(
    private readonly installation: Installation,
    private readonly about: OnTheWay & { say: (line: string) => void },
  ) {}

  /** Reports at once what may never be. */
  async look(): Promise<void> {
    this.found = await findCustomers(this.installation.simulator);
    for (const fault of faultsOnTheWay(this.found, this.about)) this.report(fault);
  }

  report(fault: string): void {
    if (!this.faults.has(fault)) this.about.say(`  FAULT ${fault}`);
    this.faults.add(fault);
  }

  /** The id of the only tenant of a customer, as of the last look. */
  tenantId(ref: string): string | undefined {
    return this.found.get(ref)?.[0]?.id;
  }

  get tenants(): number {
    return this.found.size;
  }

  /** Customers that were not as they must be at the last look, with everything that is wrong. */
  wrongAtVendor(wanted: ReadonlyMap<string, WantedCustomer>): Map<string, string[]> {
    const all = [...wanted].map(([ref, one]) => [ref, differences(one, this.found.get(ref))] as const);
    return new Map(all.filter(([, problems]) => problems.length > 0));
  }

  /** Customers that are still busy, or that wait for a person although nothing asks for one. */
  async unsettled(wanted: ReadonlyMap<string, WantedCustomer>): Promise<Map<string, string[]>> {
    const all = [...wanted];
    const problems = new Map<string, string[]>();
    await timed(all.length, QUERIES_AT_ONCE, async (at) => {
      const [ref, { mayBeBlocked }] = all[at]!;
      const problem = whyUnsettled(await this.status(ref), mayBeBlocked);
      if (problem !== undefined) problems.set(ref, [problem]);
    });
    return problems;
  }

  /** What the product itself says of a customer; undefined while it says nothing. */
  async status(ref: string): Promise<CustomerStatus | undefined> {
    return await customerStatus(this.installation.client, { ref }, TASK_QUEUE).catch(() => undefined);
  }
}

/** What a customer still does or waits for; undefined when it is at rest. */
export function whyUnsettled(status: CustomerStatus | undefined, mayBeBlocked: boolean): string | undefined {
  if (status === undefined) return 'has no status';
  const { state, unread = 0, running, blocked, waitingFor } = status;
  if (unread > 0) return `has not read ${unread} facts`;
  if (blocked !== undefined) return mayBeBlocked ? undefined : `is blocked: ${blocked.type} ${blocked.message}`;
  if (running !== undefined) return `waits for ${running.id}, which is ${running.state}`;
  if (waitingFor !== undefined) return `waits for ${waitingFor}`;
  return state === 'converging' ? 'is converging' : undefined;
}

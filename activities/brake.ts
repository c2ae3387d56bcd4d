import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import {
  ASK_BRAKE_SIGNAL,
  BRAKE_WORKFLOW,
  startOfBrake,
  type BrakeLimits,
  type BrakeQuestion,
} from '../contract/brake.js';
import { CUSTOMER_WORKFLOW, type CustomerStart } from '../contract/customers.js';
import { DEFAULT_CLOUD, workflowId } from '../contract/ids.js';
import { escapeQuotes } from './earlier-runs.js';

/** For how long a number of customers counts. */
const COUNT_LASTS_MS = 600_000;
const COUNT_MS = 3000;

export interface BrakeDependencies {
  /** The limits of this worker; `off` grants everything at once. */
  brake: BrakeLimits | 'off';
  /** The clouds that this worker knows. */
  clouds: readonly string[];
}

/** What a customer asks the brake of its cloud. */
export type BrakeAsk = CustomerStart & Pick<BrakeQuestion, 'kind' | 'what' | 'why' | 'question'>;

export function createBrakeActivities({ brake, clouds }: BrakeDependencies) {
  const counts = new CustomerCounts(clouds);
  return {
    /**
     * Asks the brake of a cloud for the customer that runs this; its answer comes by signal. Starts the brake if it does
     * not run yet. Safe to repeat: a question counts once.
     */
    askBrake: async ({ ref, cloud = DEFAULT_CLOUD, ...intent }: BrakeAsk): Promise<'asked' | 'granted'> => {
      if (brake === 'off') return 'granted';
      const { client, info } = Context.current();
      const customer = info.workflowExecution!.workflowId;
      const customers = await counts.of(client, cloud);
      const question: BrakeQuestion = { ...intent, ref, customer, limits: brake, customers };
      await client.workflow.signalWithStart(BRAKE_WORKFLOW, {
        ...startOfBrake(cloud, info.taskQueue),
        signal: ASK_BRAKE_SIGNAL,
        signalArgs: [question],
      });
      return 'asked';
    },
  };
}

/** How many customers each cloud has, as Temporal lists them. */
class CustomerCounts {
  private readonly known = new Map<string, { at: number; customers: number }>();

  constructor(private readonly clouds: readonly string[]) {}

  /** A count that fails gives the last one, and 0 when there was none: then only the fixed limits apply. */
  async of(client: Client, cloud: string): Promise<number> {
    const last = this.known.get(cloud);
    if (last !== undefined && Date.now() - last.at < COUNT_LASTS_MS) return last.customers;
    try {
      const customers = await client.withDeadline(Date.now() + COUNT_MS, async () => await this.count(client, cloud));
      this.known.set(cloud, { at: Date.now(), customers });
      return customers;
    } catch {
      return last?.customers ?? 0;
    }
  }

  /** The ids of the default cloud do not name it, so its customers are all but those of the others. */
  private async count(client: Client, cloud: string): Promise<number> {
    if (cloud !== DEFAULT_CLOUD) return await openCustomers(client, cloud);
    const others = this.clouds.filter((one) => one !== DEFAULT_CLOUD);
    const [all = 0, ...ofOthers] = await Promise.all(
      [undefined, ...others].map(async (one) => await openCustomers(client, one)),
    );
    return Math.max(0, all - ofOthers.reduce((sum, one) => sum + one, 0));
  }
}

async function openCustomers(client: Client, cloud: string | undefined): Promise<number> {
  const open = `WorkflowType = '${CUSTOMER_WORKFLOW}' AND ExecutionStatus = 'Running'`;
  if (cloud === undefined) return (await client.workflow.count(open)).count;
  const prefix = escapeQuotes(workflowId(CUSTOMER_WORKFLOW, cloud, ''));
  return (await client.workflow.count(`${open} AND WorkflowId STARTS_WITH '${prefix}'`)).count;
}

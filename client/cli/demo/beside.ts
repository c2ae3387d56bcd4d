import { startSimulator, type Simulator } from '../../../simulator/index.js';
import { plainScript } from './plain-script.js';
import { log } from './scenario.js';

const CUSTOMER = { name: 'Customer, Inc', login: 'jane.doe.customer', email: 'jane@customer.example' };

/** What the plain script has left in a cloud of its own. */
export interface HalfCustomer {
  tenants: number;
  users: number;
  mails: number;
}

/** Runs the plain script against the same faults, twice as its user would, and says what it leaves. */
export async function plainScriptBeside(arrange: (faults: Simulator['faults']) => void): Promise<HalfCustomer> {
  const simulator = await startSimulator();
  try {
    arrange(simulator.faults);
    const first = await endOf(simulator);
    const again = await endOf(simulator);
    const { world } = simulator;
    const [tenant] = world.customers();
    const users = tenant === undefined ? 0 : world.users(tenant.id).length;
    const left = { tenants: world.customers().length, users, mails: world.mails().length };
    log(`beside it, a plain script of nine calls: ${first}; started again: ${again}. It leaves ${halfText(left)}`);
    return left;
  } finally {
    await simulator.close();
  }
}

export function halfText({ tenants, users, mails }: HalfCustomer): string {
  return `half a customer (${tenants} tenant, ${users} users, ${mails} mails)`;
}

async function endOf(simulator: Simulator): Promise<string> {
  try {
    await plainScript(simulator, CUSTOMER);
    return 'it ends well';
  } catch (error) {
    const last = simulator.journal.calls().at(-1);
    const answer = last?.status ?? 'no answer';
    return last === undefined ? String(error) : `it stops at ${last.route} (${answer})`;
  }
}

import { collect, type Acronis, type Agent, type ProtectionStatus } from '../acronis/index.js';
import { MOST_BARE, type ProtectionSight } from '../contract/protection.js';
import { listAgents } from './tenant-contents.js';

type MachineSight = Pick<ProtectionSight, 'online' | 'offline' | 'machines' | 'bare'>;

const MACHINE = 'resource.machine';
const BACKUP = 'policy.backup.';
/** A backup that is older than the order by more than this shows nothing about today. */
const STILL_GOOD_MS = 7 * 24 * 3_600_000;
/** The clock of a machine may be ahead by so much; what is later shows only that it is wrong. */
const AHEAD_MS = 24 * 3_600_000;
const bad = new Set(['error', 'critical']);

/** Between which times a good backup counts. Milliseconds since 1970. */
interface Times {
  /** When the run was started. */
  since: number;
  now: number;
}

/** What the machines of a customer itself show; those of units below it have other plans. */
export async function lookAtMachines(acronis: Acronis, tenantId: string, times: Times): Promise<MachineSight> {
  const [{ machines, ids, plans }, agents] = await Promise.all([
    machinesWithPlans(acronis, tenantId),
    listAgents(acronis, tenantId),
  ]);
  const withPlan = ids.filter((id) => plans.get(id)?.backsUp);
  const good = withPlan.filter((id) => hasGoodBackup(machines.get(id)!, times));
  const failing = withPlan.filter((id) => !good.includes(id) && isFailing(machines.get(id)!));
  const states = onlineStates([...machines.values()], 'seen' in agents ? agents.seen : []);
  const waiting = withPlan.filter((id) => !good.includes(id));
  return {
    online: [...states.values()].includes(true),
    offline: waiting.filter((id) => states.get(id) === false).length,
    machines: {
      registered: ids.length,
      withPlan: withPlan.length,
      protected: good.length,
      failing: failing.length,
    },
    bare: ids.filter((id) => !plans.has(id)).slice(0, MOST_BARE),
  };
}

/** The ids of the machines of a customer, and of those without any plan. */
export async function bareMachines(acronis: Acronis, tenantId: string): Promise<{ ids: string[]; bare: string[] }> {
  const { ids, plans } = await machinesWithPlans(acronis, tenantId);
  return { ids, bare: ids.filter((id) => !plans.has(id)) };
}

async function machinesWithPlans(acronis: Acronis, tenantId: string) {
  const customer = acronis.scopedTo(tenantId);
  const tenantNumber = await acronis.tenants.numberOf(tenantId);
  const [statuses, plans] = await Promise.all([
    collect(customer.resources.statuses({ type: MACHINE, tenantNumber })),
    plansByMachine(customer),
  ]);
  // a list can name a machine twice
  const machines = new Map(statuses.map((status) => [status.context.id, status]));
  return { machines, ids: [...machines.keys()].toSorted(), plans };
}

/**
 * By machine: whether its agent is online; undefined when nobody says so. The list of agents also has those of tenants
 * below. Where no machine names its agent, any agent counts for the first machine.
 */
function onlineStates(
  machines: readonly ProtectionStatus[],
  agents: readonly Agent[],
): Map<string, boolean | undefined> {
  const online = new Map(agents.map((agent) => [agent.id, agent.online]));
  const states = machines.map(
    ({ context: { id, agent_id } }) => [id, online.get(agent_id ?? '') ?? undefined] as const,
  );
  const [first] = machines;
  if (first === undefined || machines.some(({ context }) => context.agent_id)) return new Map(states);
  return new Map([[first.context.id, agents.some((agent) => agent.online === true) || undefined]]);
}

/**
 * By machine: whether a plan on it backs up. One that is switched off does not. A plan whose parts do not show their types
 * may, so such a machine counts as one with a plan, and not as one that is backed up.
 */
async function plansByMachine(customer: Acronis): Promise<Map<string, { backsUp: boolean }>> {
  const found = new Map<string, { backsUp: boolean }>();
  for await (const applications of customer.planApplications.list())
    for (const { context, policy, enabled } of applications) {
      const backsUp = policy.type?.startsWith(BACKUP) === true && enabled !== false;
      found.set(context.id, { backsUp: backsUp || found.get(context.id)?.backsUp === true });
    }
  return found;
}

function hasGoodBackup({ policies }: ProtectionStatus, { since, now }: Times): boolean {
  return policies.some(({ type, last_success_run }) => {
    const at = Date.parse(last_success_run ?? '');
    return type?.startsWith(BACKUP) === true && at >= since - STILL_GOOD_MS && at <= now + AHEAD_MS;
  });
}

function isFailing({ aggregate }: ProtectionStatus): boolean {
  return bad.has(aggregate?.status ?? '');
}

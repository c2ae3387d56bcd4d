import { collect, type Acronis, type ProtectionStatus } from '../acronis/index.js';
import { MOST_MACHINES_PER_CALL, type ProtectionSight } from '../contract/protection.js';
import { listAgents } from './tenant-contents.js';

type MachineSight = Pick<ProtectionSight, 'online' | 'machines' | 'bare'>;

const MACHINE = 'resource.machine';
const BACKUP = 'policy.backup.';
/** A backup that is older than the order by more than this shows nothing about today. */
const STILL_GOOD_MS = 7 * 24 * 3_600_000;
const bad = new Set(['error', 'critical']);

/** What the machines of a customer itself show; those of units below it have other plans. `since`: ISO 8601. */
export async function lookAtMachines(acronis: Acronis, tenantId: string, since?: string): Promise<MachineSight> {
  const customer = acronis.scopedTo(tenantId);
  const tenantNumber = await acronis.tenants.numberOf(tenantId);
  const [statuses, plans, agents] = await Promise.all([
    collect(customer.resources.statuses({ type: MACHINE, tenantNumber })),
    plansByMachine(customer),
    listAgents(acronis, tenantId),
  ]);
  // a list can name a machine twice
  const machines = new Map(statuses.map((status) => [status.context.id, status]));
  const ids = [...machines.keys()].toSorted();
  const withPlan = ids.filter((id) => plans.get(id)?.backsUp);
  const good = withPlan.filter((id) => hasGoodBackup(machines.get(id)!, since));
  const failing = withPlan.filter((id) => !good.includes(id) && isFailing(machines.get(id)!));
  return {
    online: 'seen' in agents && agents.seen.some((agent) => agent.online === true),
    machines: {
      registered: ids.length,
      withPlan: withPlan.length,
      protected: good.length,
      failing: failing.length,
    },
    bare: ids.filter((id) => !plans.has(id)).slice(0, MOST_MACHINES_PER_CALL),
  };
}

/**
 * By machine: whether a plan on it backs up. A plan whose parts do not show their types may, so such a machine counts as
 * one with a plan, and not as one that is backed up.
 */
async function plansByMachine(customer: Acronis): Promise<Map<string, { backsUp: boolean }>> {
  const found = new Map<string, { backsUp: boolean }>();
  for await (const applications of customer.planApplications.list())
    for (const { context, policy } of applications) {
      const backsUp = policy.type?.startsWith(BACKUP) === true;
      found.set(context.id, { backsUp: backsUp || found.get(context.id)?.backsUp === true });
    }
  return found;
}

function hasGoodBackup({ policies }: ProtectionStatus, since: string | undefined): boolean {
  const oldest = since === undefined ? -Infinity : Date.parse(since) - STILL_GOOD_MS;
  return policies.some(({ type, last_success_run: at }) => {
    return type?.startsWith(BACKUP) === true && at !== null && Date.parse(at) >= oldest;
  });
}

function isFailing({ aggregate }: ProtectionStatus): boolean {
  return bad.has(aggregate?.status ?? '');
}

import type { AnySimulator } from './any-simulator.js';
import { randomUUID } from 'node:crypto';
import { createAcronis } from '../../acronis/index.js';

let made = 0;

/** A customer that somebody else has created, with a plan "Workstations" and machines, some of which have the plan. */
export async function aPlannedCustomer(
  { url, clientId, clientSecret, world, consoleFetch: fetch }: AnySimulator,
  { machines = ['ws-1'], applied = [] as readonly string[] } = {},
) {
  made += 1;
  const tenantId = world.addTenant({ name: `Planned ${made}`, kind: 'customer' });
  const byHand = createAcronis({ baseUrl: url, clientId, clientSecret, version: 'test', fetch }).scopedTo(tenantId);
  const planId = await aPlan(byHand);
  const ids = new Map(machines.map((hostname) => [hostname, world.addMachine({ tenantId, hostname }).resourceId]));
  const idOf = (machine: string) => ids.get(machine)!;
  if (applied.length > 0) await byHand.planApplications.apply(planId, applied.map(idOf));
  return {
    tenantId,
    planId,
    idOf,
    byHand,
    order: { tenant: { id: tenantId }, plan: { name: 'Workstations' }, onFailure: 'undo' },
    /** Names of the machines that have the plan. */
    covered: () => machines.filter((machine) => world.applications(idOf(machine)).some((one) => one.planId === planId)),
    /** How often a backup of each machine was started. */
    backups: async () => {
      const begun = new Map<string | undefined, number>();
      for await (const { resource } of byHand.tasks.list())
        begun.set(resource?.id ?? undefined, (begun.get(resource?.id ?? undefined) ?? 0) + 1);
      return machines.map((machine) => begun.get(idOf(machine)) ?? 0);
    },
  };
}

async function aPlan({ plans }: ReturnType<typeof createAcronis>): Promise<string> {
  const [root, backup] = [randomUUID(), randomUUID()];
  const common = { enabled: true, origin: 'upstream' } as const;
  await plans.create([
    { id: root, type: 'policy.protection.total', name: 'Workstations', ...common },
    { id: backup, type: 'policy.backup.machine', parent_ids: [root], settings: { scheduling: {} }, ...common },
  ]);
  return root;
}

import type { Target } from '../../activities/targets.js';
import type { TenantSwitches } from '../../activities/tenant-changes.js';
import { runOperation, type Begun, type Operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/target.js';
import { tenantSwitchAmendable, tenantSwitches } from './contract.js';
import type { SwitchedTenant, TenantSwitchName, TenantSwitchOrder, TenantSwitchResult } from './contract.js';

type Switching = Operation<TenantSwitchOrder, SwitchedTenant>;

/** Stops a tenant and all below it; their data stay. */
export async function disableTenant(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('disableTenant'), input);
}

/** Lets a disabled tenant work again. */
export async function enableTenant(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('enableTenant'), input);
}

/** Takes our own access to the users and children of a tenant away. */
export async function limitAdministratorAccess(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('limitAdministratorAccess'), input);
}

/** Gives us access to the users and children of a tenant again. */
export async function allowAdministratorAccess(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('allowAdministratorAccess'), input);
}

/** Lets nobody but the API client's own tenant change a tenant. */
export async function lockTenant(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('lockTenant'), input);
}

/** Lets others change a tenant again. */
export async function unlockTenant(input: unknown): Promise<TenantSwitchResult> {
  return await runOperation(switching('unlockTenant'), input);
}

export const tenantSwitching = (Object.keys(tenantSwitches) as TenantSwitchName[]).map(switching);

function switching(name: TenantSwitchName): Switching {
  const { unfit, to } = tenantSwitches[name];
  return {
    name,
    steps: () => ['findTenant', name],
    amendable: tenantSwitchAmendable,
    async story({ order, cloud, run }: Begun<TenantSwitchOrder>) {
      const target = await takeTarget(run, { cloud, tenant: order.tenant, unfit });
      const { tenantId, version: since } = target;
      const before = asItIs(target, to);
      if (before === undefined) run.found(name);
      else
        await run.step(
          name,
          { cloud, tenantId },
          {
            summary: `${target.kind} ${target.name}`,
            undo: ['restoreTenant', { cloud, tenantId, to: before, since, came: null }],
          },
        );
      return { tenantId };
    },
  };
}

/** Where the switch is put now; undefined when it is where it shall be. */
function asItIs({ enabled, managedByProvider, locked }: Target, to: TenantSwitches): TenantSwitches | undefined {
  if (to.enabled !== undefined) return to.enabled === enabled ? undefined : { enabled };
  if (to.ancestral_access !== undefined)
    return to.ancestral_access === managedByProvider ? undefined : { ancestral_access: managedByProvider };
  return to.update_lock?.enabled === locked ? undefined : { update_lock: { enabled: locked } };
}

import type { Target } from '../../activities/targets.js';
import type { TenantSwitches } from '../../activities/tenant-changes.js';
import { everyAmendable } from '../../contract/orders.js';
import { operation } from '../kernel/operation.js';
import { takeTarget } from '../parts/take-target.js';
import { tenantSwitches, type SwitchedTenant, type TenantSwitchName, type TenantSwitchOrder } from './contract.js';

/** Disables a tenant and all below it; their data stays. */
export const disableTenant = tenantSwitch('disableTenant');

/** Enables a disabled tenant. */
export const enableTenant = tenantSwitch('enableTenant');

/** Gives up the provider's access to the users and children of a tenant. */
export const limitAdministratorAccess = tenantSwitch('limitAdministratorAccess');

/** Restores the provider's access to the users and children of a tenant. */
export const allowAdministratorAccess = tenantSwitch('allowAdministratorAccess');

/** Lets only the API client's own tenant change a tenant. */
export const lockTenant = tenantSwitch('lockTenant');

/** Lets others change a tenant again. */
export const unlockTenant = tenantSwitch('unlockTenant');

function tenantSwitch(name: TenantSwitchName) {
  const { unfit, to } = tenantSwitches[name];
  return operation<TenantSwitchOrder, SwitchedTenant>({
    name,
    steps: () => ['findTenant', name],
    amendable: everyAmendable,

    async run({ order, cloud, steps, expects }) {
      const target = await takeTarget(steps, { cloud, tenant: order.tenant, unfit, expects });
      const { tenantId, version: since } = target;
      const before = settingBefore(target, to);
      if (before === undefined) steps.alreadyDone(name);
      else
        await steps.run(
          name,
          { cloud, tenantId, since, look: false },
          {
            summary: `${target.kind} ${target.name}`,
            undo: ['restoreTenant', { cloud, tenantId, to: before, since, came: null }],
          },
        );
      return { tenantId };
    },
  });
}

/** The current setting; undefined when it is as ordered. */
function settingBefore({ enabled, managedByProvider, locked }: Target, to: TenantSwitches): TenantSwitches | undefined {
  if (to.enabled !== undefined) return to.enabled === enabled ? undefined : { enabled };
  if (to.ancestral_access !== undefined)
    return to.ancestral_access === managedByProvider ? undefined : { ancestral_access: managedByProvider };
  return to.update_lock?.enabled === locked ? undefined : { update_lock: { enabled: locked } };
}

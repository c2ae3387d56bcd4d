import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** The tenant to change. The catalogue reads it from the caller's input. */
export interface TenantSwitchOrder extends EveryOrder {
  tenant: TenantRef;
}

/** The result of a completed run; `changed` is false when the tenant had this setting already. */
export interface SwitchedTenant {
  tenantId: string;
}

interface TenantSwitch {
  summary: string;
  /** Kinds of tenants without this setting. */
  unfit: readonly string[];
  /** The setting, in the vendor's terms. */
  to: { enabled: boolean } | { ancestral_access: boolean } | { update_lock: { enabled: boolean } };
}

const units = ['unit'];

/**
 * The operations that change one setting of an existing tenant, by workflow type. The step of each has the same name.
 */
export const tenantSwitches = {
  disableTenant: {
    summary: 'Disables a tenant: nobody in it or below it can log in; its data stays.',
    unfit: [],
    to: { enabled: false },
  },
  enableTenant: { summary: 'Enables a disabled tenant.', unfit: [], to: { enabled: true } },
  limitAdministratorAccess: {
    summary: "Removes your own access to a tenant's users and children.",
    unfit: units,
    to: { ancestral_access: false },
  },
  allowAdministratorAccess: {
    summary: "Restores your access to a tenant's users and children.",
    unfit: units,
    to: { ancestral_access: true },
  },
  lockTenant: { summary: 'Lets nobody but you change a tenant.', unfit: [], to: { update_lock: { enabled: true } } },
  unlockTenant: { summary: 'Lets others change a tenant again.', unfit: [], to: { update_lock: { enabled: false } } },
} as const satisfies Record<string, TenantSwitch>;

export type TenantSwitchName = keyof typeof tenantSwitches;

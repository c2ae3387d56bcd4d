import type { ProtectionSight } from '../../contract/protection.js';

/** What a plan expects of the wait for machines: one comes, gets the plan, and is protected. */
export const protectedSight = {
  tenant: 'on',
  activated: true,
  online: true,
  machines: { registered: Infinity, withPlan: Infinity, protected: Infinity, failing: 0 },
  bare: ['(each new machine)'],
} satisfies ProtectionSight;

/** What a plan expects of a tenant that is not there yet. */
export const unprotectedSight = {
  ...protectedSight,
  activated: false,
  online: false,
  machines: { registered: 0, withPlan: 0, protected: 0, failing: 0 },
  bare: [],
} satisfies ProtectionSight;

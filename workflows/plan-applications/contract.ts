import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';

/** Names one plan or one resource of a customer; a name is compared exactly, but for blanks around it. */
export type ThingRef = { id: string } | { name: string };

/** `"all"`: every machine of the customer, or where the plan is to be revoked or run, all that have it. */
export type ResourceRefs = 'all' | ThingRef[];

/** Which plan, and on what. `schema.ts` reads it from what the caller typed. */
export interface PlanApplicationOrder extends EveryOrder {
  tenant: TenantRef;
  plan: ThingRef;
  resources: ResourceRefs;
}

export interface PlanOnResources {
  tenantId: string;
  planId: string;
  /** All that were meant, also those for which nothing was left to be done. */
  resourceIds: string[];
  /** Codes of what the platform had to say about it. */
  warnings: string[];
}

/** How a completed run answers; `changed` is false when all was so already. */
export type PlanApplicationResult = Completed & PlanOnResources;

/** The operations that put plans on resources, take them off, and run them; the step of each has the same name. */
export const planApplications = {
  applyPlan: { summary: 'Puts a protection plan on machines of a customer: from then on they are protected by it.' },
  revokePlan: { summary: 'Takes a protection plan off machines of a customer; their backups stay.' },
  runPlan: { summary: 'Starts a protection plan on machines of a customer now, besides its schedule.' },
} as const;

export type PlanApplicationName = keyof typeof planApplications;

/** How many resources one run takes on. */
export const MOST_RESOURCES = 1000;

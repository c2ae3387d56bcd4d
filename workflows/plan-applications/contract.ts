import type { EveryOrder, TenantRef } from '../../contract/orders.js';

/** Names one plan or resource of a customer. A name is compared exactly, except for surrounding blanks. */
export type PlanOrResourceRef = { id: string } | { name: string };

/** `"all"`: every machine of the customer; for `revokePlan` and `runPlan`, all that have the plan. */
export type ResourceRefs = 'all' | PlanOrResourceRef[];

/** Which plan, and on what. The catalogue reads it from the caller's input. */
export interface PlanApplicationOrder extends EveryOrder {
  tenant: TenantRef;
  plan: PlanOrResourceRef;
  resources: ResourceRefs;
}

/** The result of a completed run; `changed` is false when nothing had to be done. */
export interface PlanOnResources {
  tenantId: string;
  planId: string;
  /** All resources of the order, also those that needed no change. */
  resourceIds: string[];
  /** Warning codes of the platform. */
  warnings: string[];
}

/** The operations that apply, revoke and run plans. The step of each has the same name. */
export const planApplications = {
  applyPlan: { summary: 'Applies a protection plan to machines of a customer.' },
  revokePlan: { summary: 'Revokes a protection plan from machines of a customer; their backups stay.' },
  runPlan: { summary: 'Runs a protection plan on machines of a customer now, in addition to its schedule.' },
} as const;

export type PlanApplicationName = keyof typeof planApplications;

/** The most resources of one run. */
export const MOST_RESOURCES = 1000;

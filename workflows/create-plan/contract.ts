import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { Completed } from '../../contract/status.js';
import type { BackupRule, PlanTemplate } from '../../contract/plan-templates.js';

/** The Temporal workflow type. */
export const CREATE_PLAN = 'createPlan';

/** Which plan to make for which customer, with what the template says filled in. `schema.ts` reads it from what the caller typed. */
export interface CreatePlanOrder extends EveryOrder {
  tenant: TenantRef;
  name: string;
  template: PlanTemplate;
  backup: BackupRule;
}

/** A protection plan of one customer. */
export interface CreatedPlan {
  tenantId: string;
  planId: string;
  /** Codes of what the platform had to say about it. */
  warnings: string[];
}

/** How a completed run answers; `changed` is false when the plan was there already. */
export type CreatePlanResult = Completed & CreatedPlan;

import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { BackupRule, PlanTemplate } from '../../contract/plan-templates.js';

/** The Temporal workflow type. */
export const CREATE_PLAN = 'createPlan';

/**
 * Which plan to create for which customer, with the template filled in. The catalogue reads it from the caller's input.
 */
export interface CreatePlanOrder extends EveryOrder {
  tenant: TenantRef;
  name: string;
  template: PlanTemplate;
  backup: BackupRule;
}

/** A protection plan of one customer. In the status, `changed` is false when the plan existed already. */
export interface CreatedPlan {
  tenantId: string;
  planId: string;
  /** Warning codes of the platform. */
  warnings: string[];
}

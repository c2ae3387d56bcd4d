import type { EveryOrder, TenantRef } from '../../contract/orders.js';
import type { BackupRule, PlanTemplate } from '../../contract/plan-templates.js';
import type { Protection } from '../../contract/protection.js';

/** The Temporal workflow type. */
export const PROTECT_CUSTOMER = 'protectCustomer';

/** How the machines of a customer are protected. */
export interface ProtectionOrder {
  template: PlanTemplate;
  /** Name of the plan. */
  plan: string;
  /** The settings of the template, with what the order changes. */
  backup: BackupRule;
  /** How many machines must be protected. */
  agents: number;
  /** How long a milestone may take before the operator is reminded, again and again. */
  remindAfter: string;
  /** How long the token for the installer is valid; then the run issues another. */
  tokenSeconds: number;
  /** Name of the token in the secret store. */
  secret: string;
}

/** Whose machines to protect, and how. */
export interface ProtectCustomerOrder extends EveryOrder, ProtectionOrder {
  tenant: TenantRef;
}

export interface ProtectedCustomer {
  tenantId: string;
  planId: string;
  protection: Protection;
}

/** The steps that make a plan and a token, in order. */
export const preparingSteps = [
  'findSamePlan',
  'findProtection',
  'findAgentTokens',
  'ensurePlan',
  'issueAgentToken',
] as const;

/** The steps that wait for machines and backups, in order. */
export const waitingSteps = ['awaitMachine', 'applyPlan', 'awaitBackup'] as const;

/** The steps that protect the machines of a tenant, in order. */
export const protectionSteps = [...preparingSteps, ...waitingSteps] as const;

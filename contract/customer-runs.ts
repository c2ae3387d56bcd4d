import type { PlanTemplate } from './plan-templates.js';
import type { Protection } from './protection.js';
import type { OperationState } from './status.js';

/** Why a customer does not go on by itself. */
export interface CustomerBlocked {
  type: string;
  message: string;
  /** ISO 8601; absent for a question, which follows from what is sold. */
  since?: string;
  /** The run that is blocked or has failed. */
  run?: string;
  /** What a person can do for that run. */
  choices?: readonly string[];
}

/** A run for the tenant of a customer. */
export interface CustomerRun {
  operation: string;
  id: string;
  state: OperationState;
  /** The run that has the turn at the tenant. */
  waitsFor?: string;
}

/** How the machines of a tenant are protected, and what is missing. */
export interface CustomerProtection extends Partial<Omit<Protection, 'milestones'>> {
  template: PlanTemplate;
  /** How many machines are expected. */
  agents: number;
  /** The run that sees to it, or the last one. */
  run?: CustomerRun;
  /** Why it does not go on by itself. */
  blocked?: CustomerBlocked;
}

import { z } from 'zod';
import { planTemplates, type PlanTemplate } from '../contract/plan-templates.js';
import { MOST_AGENTS } from '../contract/sales-plans.js';

const templates = Object.keys(planTemplates) as [PlanTemplate];

const agents = () =>
  z.union(
    [z.int().min(1).max(MOST_AGENTS), z.literal('quantity')],
    `must be a whole number from 1 to ${MOST_AGENTS}, or "quantity"`,
  );

/** What a plan says about the machines of its customers. */
export const protect = () =>
  z
    .strictObject({
      template: z.enum(templates, `must be ${templates.join(' or ')}`).describe('Template of the protection plan'),
      agents: agents().optional().describe('How many machines are expected: a number, or "quantity"; 1 unless given'),
    })
    .describe("The customer's machines get a protection plan, and Tenantry waits for their first backups");

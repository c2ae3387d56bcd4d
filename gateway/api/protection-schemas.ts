import { z } from 'zod';
import { milestones, type Milestone } from '../../contract/milestones.js';
import { planTemplates, type PlanTemplate } from '../../contract/plan-templates.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');
const templates = Object.keys(planTemplates) as [PlanTemplate];

export const milestonesSchema = z
  .object(
    Object.fromEntries(milestones.map((name) => [name, time.nullable()])) as Record<
      Milestone,
      z.ZodNullable<typeof time>
    >,
  )
  .describe('When each was reached; null while it is not reached, or not known');

export const machineCounts = z
  .object({
    expected: z.int(),
    registered: z.int(),
    withPlan: z.int(),
    protected: z.int().describe('A backup has succeeded'),
    failing: z.int().describe('The newest backup has failed, and none has succeeded yet'),
  })
  .describe('Machines of the customer');

export const tokenSchema = z
  .object({ secretRef: z.string(), expiresAt: time.nullable() })
  .describe('Where the token for the installer is stored');

/** How the machines of a tenant are protected. `run` and `blocked` are those of the customer. */
export function protectionSchema<Run extends z.ZodType, Blocked extends z.ZodType>(run: Run, blocked: Blocked) {
  return z
    .object({
      template: z.enum(templates),
      agents: z.int().describe('How many machines are expected'),
      run: run.optional(),
      missing: z
        .object({ what: z.string(), since: time, whoMustAct: z.enum(['customer', 'operator', 'nobody']) })
        .optional(),
      machines: machineCounts.optional(),
      token: tokenSchema.optional(),
      blocked: blocked.optional(),
    })
    .describe('How the machines of its tenant are protected; absent where no plan has asked for it');
}

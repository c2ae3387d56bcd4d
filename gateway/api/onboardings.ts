import { z } from 'zod';
import { onboarding, onboardingNotFound } from '../../client/onboardings.js';
import { customerStates } from '../../contract/customers.js';
import { milestones } from '../../contract/milestones.js';
import { machineCounts, milestonesSchema, tokenSchema } from './protection-schemas.js';
import { operationStates } from '../../contract/status.js';
import { cloudQuery, customerParams } from './customers.js';
import { addOnboardingToken } from './onboarding-token.js';
import { seesOnboarding } from './tree/onboarding-within.js';
import { problemAnswers, type ApiApp, type ApiParts } from './parts.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');

const onboardingSchema = z
  .object({
    ref: z.string(),
    state: z
      .enum([...new Set([...customerStates, ...operationStates])])
      .describe('That of the customer; where no source has spoken of it, of the run that onboards it'),
    tenantId: z.string().optional(),
    milestones: milestonesSchema,
    unknown: z
      .array(z.object({ milestone: z.enum(milestones), why: z.string() }))
      .optional()
      .describe('The milestones of which nothing can be said'),
    missing: z.string().optional().describe('What comes next; absent when nothing is missing, or that is not known'),
    since: time.optional().describe('Since when it is missing'),
    whoMustAct: z
      .enum(['customer', 'operator', 'vendor', 'nobody'])
      .optional()
      .describe('Absent when that is not known'),
    machines: machineCounts.optional(),
    token: tokenSchema.optional(),
    run: z.string().optional().describe('The id of the run that protects its machines, or of the last one'),
  })
  .describe('A customer seen by its milestones, from sold to protected');

/** How far customers are on the way from sold to protected. */
export function addOnboardings(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue } = parts;
  app.get(
    '/v1/onboardings/:ref',
    {
      preHandler: seesOnboarding(parts),
      schema: {
        operationId: 'onboarding',
        summary: 'How far a customer is on the way from sold to protected',
        params: customerParams,
        querystring: cloudQuery,
        response: { 200: onboardingSchema, ...problemAnswers },
      },
    },
    async (request) => {
      const name = { ...request.params, ...request.query };
      const found = await onboarding(client, name, taskQueue);
      if (found === undefined) throw onboardingNotFound(name);
      return found;
    },
  );
  addOnboardingToken(app, parts);
}

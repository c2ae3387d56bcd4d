import { z } from 'zod';
import { customerNotFound } from '../../client/customers.js';
import { onboarding } from '../../client/onboardings.js';
import { customerStates } from '../../contract/customers.js';
import { milestones } from '../../contract/onboarding.js';
import { cloudQuery, customerParams, seesThisCustomer } from './customers.js';
import { problemAnswers, type ApiApp, type ApiParts } from './parts.js';

const time = z.iso.datetime().describe('ISO 8601, UTC');

const onboardingSchema = z
  .object({
    ref: z.string(),
    state: z.enum(customerStates).describe('That of the customer'),
    tenantId: z.string().optional(),
    milestones: z
      .object(Object.fromEntries(milestones.map((name) => [name, time.nullable()])))
      .describe('When each was reached; null while it is not reached, or not known'),
    unknown: z
      .array(z.object({ milestone: z.enum(milestones), why: z.string() }))
      .optional()
      .describe('The milestones of which nothing can be said'),
    missing: z.string().optional().describe('What comes next; absent when that is not known'),
    since: time.optional().describe('Since when it is missing'),
    whoMustAct: z.enum(['operator', 'vendor', 'nobody']).optional().describe('Absent when that is not known'),
  })
  .describe('A customer seen by its milestones, from sold to protected');

/** How far customers are on the way from sold to protected. */
export function addOnboardings(app: ApiApp, parts: ApiParts): void {
  const { client, taskQueue } = parts;
  app.get(
    '/v1/onboardings/:ref',
    {
      preHandler: seesThisCustomer(parts),
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
      if (found === undefined) throw customerNotFound(name);
      return found;
    },
  );
}

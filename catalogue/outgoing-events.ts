import { z } from 'zod';
import { milestones } from '../contract/milestones.js';
import { outgoingTypes, type OutgoingType } from '../contract/outgoing-events.js';

const time = () => z.iso.datetime().describe('ISO 8601, UTC');
const tenantId = z.string().optional().describe('Absent while there is none, or when it is not known');

const run = {
  id: z.string().describe('The id of the run: GET /v1/operations/{id} says more'),
  runId: z.string().describe("Temporal's id of this run; a later run can have the same id"),
  operation: z.string(),
  tenantId,
  externalRef: z.string().optional().describe('What the input of the run gives as externalRef'),
  customer: z.string().optional().describe('The id of the customer that has started it'),
  startedAt: time(),
};

const ended = { ...run, endedAt: time() };
const reason = z.string().optional().describe('A failure type of docs/failures.md');

const customer = {
  id: z.string().describe('The id of the customer in Temporal'),
  ref: z.string().describe('The reference of the customer: GET /v1/customers/{ref} says more'),
  cloud: z.string(),
  tenantId,
};

const byRun = {
  ...customer,
  operation: z.string().describe('What was done'),
  run: z.string().describe('The id of the run that has done it'),
};

/** What an event says, by its type. Receivers must ignore fields that they do not know. */
const dataOf = {
  'operation.completed': z.object({ ...ended, state: z.literal('completed') }),
  'operation.blocked': z.object({
    ...run,
    state: z.literal('blocked'),
    step: z.string().optional().describe('The step at which it waits'),
    reason,
    since: time().optional().describe('Absent when the run does not answer'),
    until: time()
      .optional()
      .describe('What happens then was said in its input; absent: it waits for as long as it takes'),
    waitsForCloud: z.boolean().optional().describe('True: nobody needs to decide, it goes on when the cloud is back'),
  }),
  'operation.undone': z.object({ ...ended, state: z.literal('undone'), reason }),
  'operation.failed': z.object({
    ...ended,
    state: z.enum(['failed', 'cancelled']).describe('cancelled: somebody has asked for it'),
    reason,
  }),
  'onboarding.milestone': z.object({ ...byRun, milestone: z.enum(milestones), at: time() }),
  'customer.changed': z.object({
    ...customer,
    operation: byRun.operation.optional(),
    run: byRun.run.optional(),
    calledOff: z
      .object({ what: z.literal('suspend'), at: time() })
      .optional()
      .describe('What was announced and no longer comes'),
  }),
  'customer.suspending': z.object({ ...customer, at: time().describe('When it will be suspended'), why: z.string() }),
  'customer.suspended': z.object(byRun),
  'customer.ending': z.object(byRun),
  'customer.ended': z.object(byRun),
  'customer.different': z.object({
    ...customer,
    fields: z.array(z.string()).min(1).describe('What somebody has changed in the cloud'),
  }),
} as const satisfies Record<OutgoingType, z.ZodType>;

/** What an event of a type says. */
export type OutgoingData<Type extends OutgoingType> = z.output<(typeof dataOf)[Type]>;

const meaningOf: Readonly<Record<OutgoingType, string>> = {
  'operation.completed': 'A run has done what was ordered.',
  'operation.blocked': 'A run waits, for a person or for its cloud.',
  'operation.undone': 'A run has failed, and what it had made is removed again.',
  'operation.failed': 'A run has ended otherwise: it was refused, has left something, or somebody has cancelled it.',
  'onboarding.milestone': 'A customer has got further on the way from sold to protected.',
  'customer.changed': 'The tenant of a customer was created or changed, or what was announced for it is called off.',
  'customer.suspending': 'A customer will be suspended.',
  'customer.suspended': 'The tenant of a customer is disabled, because of what is sold.',
  'customer.ending': 'The offboarding of a customer has begun.',
  'customer.ended': 'The tenant of a customer is deleted.',
  'customer.different': 'Somebody has changed the tenant of a customer in the cloud.',
};

/** The schema of the body of an event. */
export function outgoingBody(type: OutgoingType) {
  const body = z.object({
    type: z.literal(type),
    timestamp: time().describe('When it happened, or was seen'),
    data: dataOf[type],
  });
  return body.describe(meaningOf[type]);
}

/** The JSON Schema of the body of each event, by its type. */
export function outgoingSchemas(): [type: OutgoingType, schema: object][] {
  return outgoingTypes.map((type) => [type, z.toJSONSchema(outgoingBody(type), { io: 'input' })]);
}
